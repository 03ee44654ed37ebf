package codes

// A label after "?" does not come from the list itself, but from software or documents that use it.

// eqf: EQF levels.
const eqf = `
1 Level 1
2 Level 2
3 Level 3
4 Level 4
5 Level 5
6 Level 6
7 Level 7
8 Level 8
`

// educationCredit: credit point frameworks.
const educationCredit = `
60b314e826 European credit system for vocational education and training
6fcec5c5af European Credit Transfer System
`

// learningOpportunity: learning opportunity types.
const learningOpportunity = `
05053c1cbe Course
0f7dac46ca Programme module
11252a5207 Mentoring
17744a2647 MOOC
63f9f6180c Apprenticeship
65a4cf5de2 Study visit
74a4a268e8 Short learning programme
77b99de990 Internship
79343569f3 Educational programme
7e1ac538db Class
8b965da2d4 Service learning
b2434ca358 Thesis
`

// learningActivity: learning activity types.
const learningActivity = `
3c8bd58d62 lab / simulation / practice coursework
4357e0e681 job experience
59eaf34fab volunteering
a7e556215a research
b660f5dcea self-motivated study
bf2e3a7bae e-learning coursework
bf5588ff84 internship
d46a826a39 apprenticeship
efff75e10a workshop, seminar or conference
fd33e234ae educational programme
ff436ea7c9 classroom coursework
`

// assessments: assessment types.
const assessments = `
19a2e5e671 peer assessment
2939dae15f marked assignment
3484bd7e51 continuous evaluation
4f03b91c0e portfolio
56539a6507 group performance
6a4db9f11d practical assessment
6e6cb2cc78 written examination
7331eb4762 level of attendance
795dac4096 project work
812e3b0ae1 peer review
b1b68f6735 quiz
c4256a2726 problem based learning
d30284d7df oral examination
de4d165a6c artefact assessment
`

// learningSetting: learning settings.
const learningSetting = `
6fd4685715 formal learning
e207a81fc7 non-formal learning
`

// learningSchedule: learning schedules.
const learningSchedule = `
67395e6b5a Part time light
72a0ab92fa Full time
f230bae523 Part time intensive
`

// learningAssessment: modes of learning and assessment.
const learningAssessment = `
729f3bed4b Workbased
7813801c77 Project based
9191af2ed9 Presential
920fbb3cbe Online
e92d221e4d Blended
ed4c557045 Research-Lab based
`

// credential: credential profiles.
const credential = `
48b514e72a Learning Activity
6cf8e68c43 Qualification Award
6dff8a0f87 Diploma Supplement
bdc47cb449 Learning Entitlement
c_7e400154 Converted
c_9a31f32a Mandated Issue
c_ae121a00 Accreditation
e34929035b Generic
`

// entitlement: entitlement types.
const entitlement = `
52f62180c2 occupation
64aad92881 learning opportunity
bebd32e8e6 membership
`

// entitlementStatus: entitlement statuses.
const entitlementStatus = `
5b8d6b34fb prospective
b7015a8a8c actual
`

// targetGroup: target groups.
const targetGroup = `
022beab85a High Achievers
0247b300b0 Non-Native Speakers
05f11c859b Persons requiring employment retraining
1599531db0 Persons in tertiary education (EQF 6)
1cfca7f767 Persons who have completed primary education
46806e0244 Persons in secondary/compulsory education
527a6f97eb Persons who have completed tertiary education (EQF 7)
5b1417fd15 Persons in primary education
5e56931138 Persons with 0-3 years work experience
808b99d38f Persons who have completed tertiary education (EQF 8)
919082b88b Persons who have completed secondary/compulsory education
acb7f20f25 Persons in tertiary education (EQF 7)
b0bf4f9fe9 Persons in tertiary education (EQF 8)
c900d8ecb1 Migrants
cbedf28444 Persons with 3-10 years work experience
d45b47b458 Persons with 10+ years work experience
de9cd193ce Persons with a learning disability
e3782a33ab Native Speakers
e7627913ad Persons who have completed tertiary education (EQF 6)
fd1279fd9f Low Achievers
`

// encoding: content encodings.
const encoding = `
6146cde7dd base64
`

// accreditation: accreditation types.
const accreditation = `
003293d2ce Institutional License
820101cba6 Program Quality Assurance
bb4618238e Institutional Quality Assurance
e57dddfcf3 Program License
`

// skillReuseLevel: reusability levels of learning outcomes.
const skillReuseLevel = `
cross-sector cross-sector skills and competences
occupation-specific occupation specific skills and competences
sector-specific sector specific skills and competences
transversal transversal skills and competences
`

// skillType: types of learning outcomes.
const skillType = `
knowledge knowledge
skill skill
`

// humanSex: human sex (EU authority table).
const humanSex = `
FEMALE female
MALE male
NAP not applicable
NKN ?not known
NST ?not specified
`

// gradeStatus: grade statuses.
const gradeStatus = `
c_60a1cf9a pass
`

// supervisionVerification: methods of supervision and identity verification.
const supervisionVerification = `
70be69aaf9 Supervised with ID Verification
c598449d64 Unsupervised without ID Verification
44314532f9 ?ID Verification
df2880c5cb ?
`

// evidenceType: evidence types.
const evidenceType = `
c_18016257 Mandate
c_991b06c6 Accreditation
c_c4f849d7 ?Conversion
`

// verification: verification checks of the viewer.
const verification = `
1faf8d450f Owner
271aef9eb4 Revocation
2f5b89b96f Format
94d828f160 ?Validity (expiry)
e2bbc86a28 Accreditation
f9c2016fe9 Seal
c_50990fe3 ?Custom
`

// verificationStatus: outcome of a verification check.
const verificationStatus = `
9895008394 ?green (passed)
641f0c5e5d ?grey (skipped)
9d26eb9a37 ?red (failed)
`

// verifiablePresentation: presentation types.
const verifiablePresentation = `
c_e01977e3 ?Notarised copy
c_825cddc0 ?Mandated issue
c_409018f7 ?Shared
`
