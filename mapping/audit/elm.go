package audit

// elmTable is the fate of EDC-AP 3.2, in the notation of doc.go.
const elmTable = `
= EuropeanDigitalCredential
. : ENV-02+ENV-03+EDC-05 exact..kept GAP-001
identifier : ENV-08+EDC-06 exact..kept/added GAP-001
credentialProfiles : ENV-04 exact..kept/added | The profile tells how a credential is checked, not what it says: made anew.
credentialSchema : ENV-04 exact..kept/added | As the profile.
attachment : ATT-04+ENV-09 exact..reduced
displayParameter : ENV-06+EDC-06 normalised..kept/added GAP-039
issuer : ENV-01+EDC-05 exact/added GAP-014 | The sealing organisation comes from options; without one the report's issuer stands in.
credentialSubject : ENV-02 exact
issuanceDate : ENV-05+RPT-01 exact..reduced GAP-013
issued : ENV-05+RPT-01 exact..normalised GAP-013
validFrom : ENV-05+RPT-01 exact GAP-013
expirationDate validUntil : EDC-06 kept GAP-040
credentialStatus : EDC-06 kept GAP-040
proof : EDC-12 dropped | A seal vouches for the credential as it was; keep=source carries the sealed file.
evidence : EDC-06+ENV-04 kept | About the procedure of a check, not the studies; with keep=source it holds the original ELMO.
termsOfUse : EDC-06 kept | The class has no properties in the profile, so there is nothing that ELMO could take up.
holder : EDC-06 kept | Says who presents; a transcript is about its learner.

= Person
. : ENV-02+EDC-07 exact..kept | A learner holds less: see its members.
identifier : LRN-06+EDC-05+EDC-07 exact..kept GAP-045 | One without a scheme name has no type to write and is kept.
nationalID : LRN-05 exact..kept | Its place among the identifiers is lost.
location : LRN-11 exact..kept/added GAP-012
fullName : LRN-03 exact..reduced/added GAP-005 > learner/givenNames learner/familyName
givenName : LRN-01 exact..kept GAP-005
familyName : LRN-02 exact..kept GAP-005
birthName : LRN-09 exact..kept GAP-005
patronymicName : EDC-07 kept GAP-005
dateOfBirth : LRN-04+VAL-03 exact..normalised GAP-008
placeOfBirth : LRN-08 kept GAP-009 GAP-010
citizenshipCountry : LRN-07 exact..kept GAP-004
gender : LRN-10 exact..kept GAP-011
contactPoint : EDC-07+LRN-11 kept GAP-041
memberOf groupMemberOf : EDC-07 kept | Membership is no result of studies.
hasCredential : EDC-07 kept | Credentials inside credentials; ELMO would carry them as reports or attachments.
hasClaim : LOS-01+EDC-01 exact..kept GAP-042
dateModified : EDC-07 kept | A note of the source system on its own record.

= Organisation
. : ISS-01+EDC-08+EDC-06 exact..kept GAP-043
identifier : ISS-02+EDC-06+EDC-08 exact..kept
legalName : ISS-01+EDC-06+EDC-08 exact..kept
altLabel : ISS-01+EDC-08+EDC-06 exact..kept GAP-044
homepage : ISS-04+EDC-06+EDC-08 exact..kept GAP-017
location : ISS-03+EDC-08+EDC-06 exact..kept GAP-015 GAP-043
eIDASIdentifier registration vatIdentifier taxIdentifier : EDC-03+ENV-01+EDC-06+EDC-08 kept/none GAP-016 > report/issuer/identifier
dcType additionalNote accreditation logo contactPoint : EDC-08+EDC-06 kept GAP-043
hasSubOrganization subOrganizationOf : EDC-08+EDC-06 kept GAP-043
org:hasMember : EDC-08+EDC-06 kept | No term of the JSON-LD context: it cannot be said in JSON at all.
groupMemberOf dateModified : EDC-08+EDC-06 kept | Not about the studies.

= Agent
. identifier altLabel prefLabel location additionalNote contactPoint groupMemberOf dateModified : EDC-08+EDC-06 kept | Stands for Person and Organisation, where its members have their rows; an agent that is neither has no legal name.

= Group
. prefLabel altLabel dcType additionalNote location contactPoint member : EDC-07+EDC-08+EDC-06 kept | Groups of people and organisations; the groups of ELMO are groups of results.

= Location
. : ISS-03+EDC-08+EDC-06 exact..kept GAP-015 > report/issuer/country
address : ISS-03+EDC-06+EDC-08 exact GAP-012
geographicName : EDC-08+LRN-08+EDC-06 kept/none GAP-009 GAP-010 > learner/placeOfBirth
identifier description spatialCode : EDC-08+EDC-06 kept GAP-043
locn:geometry : EDC-08+EDC-06 kept | No term of the JSON-LD context: it cannot be said in JSON at all.

= Address
. : LRN-11+ISS-03+EDC-06+EDC-08 exact GAP-012 > learner/currentAddress report/issuer/country
identifier : EDC-08+EDC-07+EDC-06 kept | Registers of addresses are not used in transcripts.
fullAddress : LRN-11+LRN-08+EDC-08+EDC-06 exact..kept/added GAP-012 > learner/placeOfBirth
countryCode : ISS-03+LRN-11+EDC-06+EDC-08 exact..kept GAP-015

= Geometry
. clv:longitude clv:latitude : EDC-08+EDC-06 kept | No terms of the JSON-LD context: they cannot be said in JSON at all.

= ContactPoint
. additionalNote description address phone emailAddress contactForm : EDC-07+EDC-08+LRN-11+EDC-06 kept GAP-041

= Phone
. phoneNumber countryDialing dialNumber : EDC-07+EDC-08+EDC-06 kept GAP-041
elm:areaDialing : EDC-07+EDC-08+EDC-06 kept | No term of the JSON-LD context: it cannot be said in JSON at all.

= Mailbox
. : EDC-07+EDC-08+EDC-06 kept GAP-041

= Identifier
. : LOS-04+LRN-06+ISS-02+LOI-01 exact..kept > learner/identifier report/issuer/identifier LOS/identifier LOI/identifier
notation : LOS-04+LRN-06+ISS-02+LOI-01 exact
schemeName : LOS-04+LRN-06+ISS-02+LOI-01 exact
schemeAgency creator dateIssued dcType schemeVersion schemeId : EDC-11+EDC-07+EDC-08 kept GAP-045

= LegalIdentifier
. : LRN-05+EDC-03 exact..kept > learner/identifier
notation : LRN-05+EDC-03 exact
schemeName : EDC-07+EDC-08+EDC-03 exact/added GAP-045
schemeAgency creator dateIssued dcType schemeVersion schemeId : EDC-07+EDC-08+EDC-03 kept GAP-045
spatial : LRN-05+EDC-03 exact..kept/added GAP-045

= LearningAchievement
. : LOS-01 exact..kept
title : LOS-03+EDC-01 exact | Equal to that of the specification in most documents; where it differs the specification's is used and this one is kept.
description : LOS-08+EDC-01 kept/none | Read when the specification has none, else kept.
identifier : LOI-01+EDC-01 exact..kept | Those of the DC4EU converter that carry a type or a subject are read as such.
dcType : EDC-01 kept GAP-020
additionalNote : LOS-09+LOS-10+LOI-17+DSP-01+EDC-01 kept/added GAP-046 | Ours come back as what they hold; those of others are kept.
supplementaryDocument : LOI-15+EDC-01 kept GAP-035
learningOpportunity : LOI-03+EDC-09+EDC-01 exact..kept GAP-047
creditReceived : LOI-09+EDC-01 exact..kept
provenBy : LOI-05+EDC-10+EDC-01 exact..kept GAP-048
influencedBy : LOI-02+EDC-09+EDC-01 exact..kept GAP-049
awardedBy : ISS-01+EDC-02+EDC-01 exact GAP-050 > report/issuer
entitlesTo : EDC-01+DSP-04 kept GAP-042
specifiedBy : LOS-01 exact
hasPart : LOS-01 exact
isPartOf : EDC-01 kept | The inverse of hasPart, which carries the tree.

= AwardingProcess
. : ISS-01+EDC-02+EDC-11 exact GAP-050 > report/issuer
awardingBody : ISS-01+EDC-02 exact..kept GAP-050
awardingDate : LOI-02 exact..kept GAP-008
used : LOI-05+EDC-10 kept/none GAP-048 > LOI/resultLabel
awards : EDC-11 kept | The inverse of awardedBy.
identifier description location additionalNote educationalSystemNote : EDC-11 kept GAP-050

= LearningAchievementSpecification Qualification
. : LOS-01+LOS-02 exact..kept GAP-051
identifier : LOS-04 exact
description : LOS-08 exact
altLabel : LOS-03+EDC-11 exact GAP-044
homepage : LOS-07 exact..kept GAP-017
dcType : LOS-02 exact..kept GAP-020
thematicArea : LOS-06 exact..kept GAP-021
educationSubject : LOS-05+LOS-06+DSP-03 exact..kept GAP-021
educationLevel : LOI-12+LOI-11 exact..kept GAP-030
additionalNote : DSP-02+EDC-11 kept..reduced/added GAP-046
category : LOI-16+EDC-11 kept/added GAP-019
language : EDC-11+LOI-13 kept/none GAP-032 > LOI/languageOfInstruction
supplementaryDocument : EDC-11 kept GAP-035
volumeOfLearning : EDC-11 kept GAP-052
mode learningSetting targetGroup : EDC-11 kept GAP-053
learningOutcome : EDC-11 kept GAP-051
creditPoint : EDC-11 kept GAP-052
influencedBy provenBy entitlesTo : EDC-11 kept | What the programme plans; ELMO tells what the learner did.
awardingOpportunity : EDC-11 kept | Says who may award; the award itself has its rows.
hasPart isPartOf specialisationOf generalisationOf : EDC-11 kept | Relations of a catalogue; the tree of results is carried by the achievements.
dateModified status : EDC-11 kept | Notes of the source catalogue on its own record.

= LearningAchievementSpecification
title : LOS-03 exact
learningOutcomeSummary : EDC-11 kept GAP-051
entryRequirement : EDC-11 kept GAP-036
maximumDuration : EDC-11 kept GAP-052

= Qualification
title : LOS-03 exact..kept
learningOutcomeSummary : DSP-03+EDC-11+DSP-04 exact..kept/added GAP-051 GAP-036
entryRequirement : DSP-03+EDC-11+DSP-04 exact/added GAP-036
maximumDuration : DSP-03+EDC-11+DSP-04 exact..kept/added GAP-052 GAP-036
eqfLevel : LOI-11 exact..kept GAP-030
nqfLevel : LOI-12+LOI-11 exact..kept GAP-030
isPartialQualification qualificationCode : EDC-11 kept GAP-054
accreditation : EDC-11 kept GAP-055

= LearningOutcome
. identifier title dcType additionalNote reusabilityLevel relatedSkill relatedESCOSkill : EDC-11 kept GAP-051

= LearningActivity
. : LOI-02+EDC-09 exact..kept GAP-049 > LOI/start
title : LOI-02+EDC-09 exact..kept/added GAP-049 > LOS/title
temporal : LOI-02 exact..kept
awardedBy : LOI-02 exact/added GAP-049 > report/issuer
specifiedBy : LOI-13+LOI-14 exact GAP-049
workload : LOI-14 kept/none GAP-033
description identifier dcType additionalNote supplementaryDocument location learningOpportunity directedBy hasPart levelOfCompletion : EDC-09+EDC-01 kept GAP-049
influences isPartOf : EDC-09 kept | Inverses of influencedBy and hasPart.

= LearningActivitySpecification
. : LOI-13+LOI-14+EDC-09 exact..kept/added GAP-049 > LOI/languageOfInstruction LOI/engagementHours
title : LOI-13+LOI-14 exact..kept/added GAP-049 > LOS/title
language : LOI-13 exact..normalised GAP-032
contactHour : LOI-14 exact GAP-033
volumeOfLearning : EDC-09 kept GAP-052
mode : EDC-09 kept GAP-053
identifier description additionalNote supplementaryDocument homepage altLabel category dcType hasPart : EDC-09 kept GAP-049
influences isPartOf specialisationOf generalisationOf dateModified status : EDC-09 kept | Relations and notes of a catalogue.

= LearningAssessment
. : LOI-05+EDC-10 exact..kept GAP-048 > LOI/resultLabel
title : LOI-05+EDC-10 exact..kept/added GAP-048
awardedBy : LOI-05 exact/added GAP-048 > report/issuer
dateIssued : LOI-02+LOI-05 exact GAP-008
grade : LOI-05 exact GAP-025
gradeStatus : LOI-04 exact..kept GAP-024
shortenedGrading : LOI-07 exact..kept
resultDistribution : LOI-08 exact..kept
specifiedBy : LOI-06+GRS-01 exact..kept GAP-048 > LOI/gradingSchemeLocalId
description identifier dcType additionalNote supplementaryDocument location idVerification assessedBy hasPart : EDC-10+EDC-01 kept GAP-048
proves isPartOf : EDC-10 kept | Inverses of provenBy and hasPart.

= LearningAssessmentSpecification
. : GRS-01+EDC-10 exact..kept/added GAP-048 > report/gradingScheme
title : GRS-01+LOI-06 exact/added GAP-048 > LOS/title
gradingScheme : GRS-01+LOI-06+RPT-02 exact
mode : EDC-10 kept GAP-053
identifier description additionalNote supplementaryDocument homepage altLabel category dcType language hasPart : EDC-10 kept GAP-048
proves isPartOf specialisationOf generalisationOf dateModified status : EDC-10 kept | Relations and notes of a catalogue.

= GradingScheme
. : GRS-01 exact
identifier : GRS-01+RPT-02+LOI-06 exact
title : GRS-01 exact/added GAP-018
description : GRS-01 exact
supplementaryDocument : EDC-10+GRS-01 kept GAP-018

= ShortenedGrading
. : LOI-07 exact..kept
percentageLower percentageEqual percentageHigher : LOI-07 exact GAP-026 | Fractions are rounded so that the sum holds; the exact values are kept.

= ResultDistribution
. : LOI-08 exact..kept
description resultCategory : LOI-08 exact

= ResultCategory
. label : LOI-08 exact
count : LOI-08 exact GAP-027
score maximumScore minimumScore : EDC-10+LOI-08 kept GAP-028

= CreditPoint
. : LOI-09 exact..kept
point : LOI-09 exact
framework : LOI-09 exact..kept

= LearningEntitlement
. title description identifier dcType additionalNote supplementaryDocument dateIssued expiryDate awardedBy entitledBy hasPart isPartOf specifiedBy : EDC-01+DSP-04 kept GAP-042

= LearningEntitlementSpecification
. identifier title description additionalNote supplementaryDocument homepage altLabel category dateModified dcType : EDC-01+EDC-11 kept GAP-042
entitlementStatus limitOrganisation limitJurisdiction limitOccupation limitNationalOccupation entitledBy hasPart isPartOf specialisationOf generalisationOf status : EDC-01+EDC-11 kept GAP-042

= LearningOpportunity
. : LOI-03+EDC-01 exact..kept GAP-047 > LOI/academicTerm
title : LOI-03+EDC-01 exact/added GAP-047 > LOS/title
providedBy : LOI-03+EDC-01 exact/added GAP-047 > report/issuer
temporal : LOI-03+EDC-01 exact
descriptionHtml : LOS-09+EDC-01 kept GAP-022
identifier description dcType additionalNote homepage supplementaryDocument duration mode location : EDC-01 kept GAP-047
learningSchedule scheduleInformation admissionProcedure priceDetail grant bannerImage applicationDeadline : EDC-01 kept | What a catalogue tells applicants: out of place in a transcript.
learningAchievementSpecification learningActivitySpecification hasPart isPartOf dateModified status : EDC-01 kept | Relations and notes of a catalogue.
elm:defaultLanguage : EDC-01 kept | No term of the JSON-LD context: it cannot be said in JSON at all.

= Grant
. title description supplementaryDocument dcType contentURL : EDC-01 kept | What a catalogue tells applicants: out of place in a transcript.

= PriceDetail
. identifier prefLabel description additionalNote amount : EDC-01 kept | What a catalogue tells applicants: out of place in a transcript.

= Amount
. unit value : EDC-01 kept | Part of a price.

= AwardingOpportunity
. identifier location temporal awardingBody learningAchievementSpecification : EDC-11 kept | Says who may award; the award itself has its rows.

= Accreditation
. identifier dcType title description homepage dateIssued additionalNote supplementaryDocument decision report organisation : EDC-11+EDC-08 kept GAP-055
limitQualification limitField limitEQFLevel limitJurisdiction limitCredentialType accreditingAgent reviewDate expiryDate landingPage status dateModified valid : EDC-11+EDC-08 kept GAP-055

= MediaObject
. : ATT-04 exact..reduced
title description : ATT-02 exact
attachmentType : ATT-03 kept GAP-038
contentType contentEncoding : ATT-04+ATT-05 exact..kept
content : ATT-04+ATT-05 exact
contentSize : ATT-04 kept..reduced/added | Counted anew.
contentURL : ATT-06+EDC-06 kept GAP-035

= Note
. : LOS-09+DSP-02+EDC-11 exact..reduced GAP-046 > LOS/descriptionHtml
noteLiteral : LOS-09+DSP-02 exact..kept GAP-046
noteFormat : LOS-09+DSP-02 kept GAP-046
subject : DSP-02+EDC-11 exact..kept/added GAP-046

= WebResource
. : LOS-07+ISS-04+LOI-15 exact..kept GAP-017 > report/issuer/url LOS/url
contentURL : LOS-07+ISS-04+LOI-15 exact
language : LOS-07+LOI-15 kept GAP-017 GAP-035
title : LOS-07+LOI-15 kept/added GAP-017 GAP-035

= PeriodOfTime
. : LOI-03 exact..kept
prefLabel : LOI-03 exact
startDate endDate : LOI-02+LOI-03 exact..normalised GAP-008

= Concept
. : EDC-04 exact..kept > LOS/type LOI/status LOI/level learner/gender
prefLabel notation : EDC-04+LOI-12 exact | Those of a published list are the list's.
inScheme : EDC-04+LOI-12 exact..kept | Those of a published list are the list's.
definition : EDC-04 kept | A definition belongs to the list.

= ConceptScheme
. : EDC-04+LOI-12 exact..kept > LOI/level/type

= DisplayParameter
. : ENV-06+ENV-07+EDC-06 normalised..kept/added GAP-039
title language primaryLanguage : ENV-06+ENV-07+EDC-06 exact/added GAP-039
individualDisplay : ENV-06+ENV-07+EDC-06 kept/added GAP-039
description : EDC-06+ENV-06 kept GAP-039
summaryDisplay : EDC-06 kept | A form of the issuing software, made anew when it displays.

= IndividualDisplay
. language displayDetail : ENV-07+EDC-06 kept/added GAP-039

= DisplayDetail
. image page : ENV-07+EDC-06 kept/added GAP-039

= Evidence
. dcType embeddedEvidence : ENV-04+EDC-06 kept | Written with keep=source alone, to hold the original ELMO.
evidenceStatement evidenceTarget accreditation : EDC-06 kept | About the procedure of a check, not the studies.

= EuropeanDigitalPresentation
. verifiableCredential : ENV-02+EDC-06 normalised > report | Its credentials are read; we write credentials, not presentations.
verificationCheck : EDC-06 dropped | The result of a check holds for the one who checked; keep=source carries the file.
holder : EDC-06 dropped | Belongs to the act of presenting.
proof : EDC-12 dropped | Vouches for the presentation as it was.

= cred:VerifiablePresentation
. verifiableCredential : ENV-02+EDC-06 normalised > report | As the European one.
holder : EDC-06 dropped | Belongs to the act of presenting.
proof : EDC-12 dropped | Vouches for the presentation as it was.

= VerificationCheck
. dcType description verificationStatus elmSubject : EDC-06 dropped | The result of a check holds for the one who checked; keep=source carries the file.

= Proof
. : EDC-12 dropped | A seal vouches for the credential as it was; keep=source carries the sealed file.

= CredentialStatus
. : EDC-06 kept GAP-040

= TermsOfUse
. : EDC-06 kept | No properties in the profile.

= ShaclValidator2017
. : ENV-04 exact..kept/added | Names the shapes; made anew.

= Claim (edc:ClaimTypeNodeShape)
title description identifier dcType additionalNote supplementaryDocument awardedBy : EDC-01+LOS-01 kept | Stands for the four kinds of claims, where its members have their rows.

= Claim
. : EDC-01+LOS-01 kept | Stands for the four kinds of claims, where its members have their rows.

= (edc:ClaimNodeShape) (edc:SpecificationNodeShape)
. : EDC-01+EDC-11 kept | A shape, not a class: where it applies, the class has its rows.

= (edc:IssuerNodeShape)
eIDASIdentifier : ENV-01+EDC-03 kept/added GAP-016 | Mandatory for the sealing organisation; from options, never made up.

= Specification
. identifier title description additionalNote supplementaryDocument homepage altLabel category dcType dateModified status : EDC-11 kept | Stands for the kinds of specifications, where its members have their rows.
`
