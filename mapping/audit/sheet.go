package audit

// sheetTable is our answer to the Commission's sheet, a line for each of its rows:
//
//	NUMBER CLASS[/FIELD] OPINION LEAF [> MAPPING] [| why]
//
// CLASS, FIELD and MAPPING are what the row says, letter by letter but for white space; MAPPING is the place in ELM, if the row
// names one. LEAF is the path in ELMO that the row is about, "-" where ELMO has no such thing.
const sheetTable = `
2 Elmo not-mapped elmo | The document as such: one credential for each report.
3 Elmo/generatedDate not-mapped generatedDate | It differs from the date of issue, so leaving it out loses it.
4 Elmo/learner differ learner > elm:Person | The class is right; credentialSubject is the property that leads to it.
5 Elmo/report agree report > elm:EuropeanDigitalCredential | Each report is a credential of its own, so no property leads to it.
6 Elmo/attachment faulty attachment > elm:MediaObject | A class is named where a property is needed: attachment of the credential.
7 Elmo/groups faulty groups > elm:Group | elm:Group is a group of people or organisations, ELMO groups are headings for results.
8 Elmo/extension not-mapped extension
9 Elmo/signature not-mapped ds:Signature
10 Learner agree learner > elm:Person
11 Learner/identifier differ learner/identifier > adms:identifier | A national identifier goes to nationalID, which has a place for its country; the others go where the sheet says.
12 Learner/citizenship agree learner/citizenship > elm:citizenshipCountry / skos:notation | The concept's identifier carries the country; its notation is not relied upon.
13 Learner/givenNames agree learner/givenNames > foaf:givenName
14 Learner/familyName agree learner/familyName > foaf:familyName
15 Learner/bday faulty learner/bday > elm:dateofBirth | The property is dateOfBirth; the name given does not exist.
16 Learner/placeOfBirth faulty learner/placeOfBirth > elm:placeofBirth/elm:addresselm:countryCode AND elm:placeofBirth/elm:address/elm:FullAddress | Misspelt names and a missing slash; and the address needs a country that the text of ELMO need not have.
17 Learner/birthName agree learner/birthName > person:birthName
18 Learner/currentAddress faulty learner/currentAddress > dc:location/elm:addresselm:countryCode AND dc:location/elm:address/elm:FullAddress | dc:location is no property of Person; location of ELM is.
19 Learner/gender agree learner/gender > elm:gender | By the list human-sex; unknown is kept, its member is not documented.
20 Issuer agree report/issuer > elm:Organisation
21 Issuer/identifier agree report/issuer/identifier > adms:identifier
22 Issuer/country faulty report/issuer/country > elm:location/elm:address/elm:CountryCode | The property is countryCode, with a small letter.
23 Issuer/title agree report/issuer/title > rov:legalName
24 Issuer/url agree report/issuer/url > foaf:homepage
25 Report agree report > elm:EuropeanDigitalCredential
26 Report/issuer faulty report/issuer > elm:learningAchievement/elm:awardedBy/elm:awardingBody | A class stands in the path as if it were a property: hasClaim leads to the achievement.
27 Report/learningOpportunitySpecification faulty LOS > elm:LearningAchievementSpecification | A class is named where a path is needed: hasClaim, then specifiedBy.
28 Report/issueDate differ report/issueDate > cred:issued | Also to validFrom, since sealing overwrites issued.
29 Report/gradingScheme faulty report/gradingScheme > elm:gradingScheme | The property is not on the credential: it belongs to the specification of an assessment.
30 Report/description faulty report > elm:DisplayParameter/dc:Description | A report of ELMO has no such element, and the path names a class and a property that does not exist.
31 Report/attachment agree report/attachment > elm:attachment
32 LearningOpportunitySpecification faulty LOS > elm:LearningAchievement/elm:specifiedBy | A class stands in the path as if it were a property.
33 LearningOpportunitySpecification/identifier agree LOS/identifier > adms:identifier
34 LearningOpportunitySpecification/title agree LOS/title > dc:title | On the achievement, too: its title is mandatory.
35 LearningOpportunitySpecification/type agree LOS/type > dc:type
36 LearningOpportunitySpecification/subjectArea agree LOS/subjectArea > elm:educationSubject
37 LearningOpportunitySpecification/iscedCode agree LOS/iscedCode > elm:ISCEDFCode | A code that is not in the list goes to educationSubject.
38 LearningOpportunitySpecification/url agree LOS/url > foaf:homepage
39 LearningOpportunitySpecification/description agree LOS/description > dc:description
40 LearningOpportunitySpecification/descriptionHtml faulty LOS/descriptionHtml > elm:learningOpportunity/elm:descriptionHtml | The context takes the text for an identifier and drops it: a note of the claim in format HTML holds it.
41 LearningOpportunitySpecification/specifies faulty LOS/specifies > elm:achievement | There is no such property; the achievement and its specification stand for it.
42 LearningOpportunitySpecification/hasPart agree LOS/hasPart > elm:hasPart
43 LearningOpportunitySpecification/extension not-mapped LOS/extension
44 LearningOpportunityInstance faulty LOI > elm:learningAchievement | The name of a class with a small letter is no property.
45 LearningOpportunityInstance/identifier faulty LOI/identifier > adms:Identifier | The name is that of a class; the property has a small letter.
46 LearningOpportunityInstance/start faulty LOI/start > elm:learningOpportunity/dc:Temporal/elm:StartDate | Misspelt names; and the period is the one that the sheet also gives to the academic term.
47 LearningOpportunityInstance/date faulty LOI/date > elm:learningOpportunity/dc:Temporal/elm:EndDate | As row 46; the date of the result is the date of award.
48 LearningOpportunityInstance/academicTerm faulty LOI/academicTerm > elm:learningOpportunity/dc:Temporal | One period cannot hold both the term and the learner's own dates; we keep it for the term.
49 LearningOpportunityInstance/status agree LOI/status > elm:provenBy/elm:gradeStatus | The list's members for failed and in progress are not known, so those are concepts of ours.
50 LearningOpportunityInstance/gradingSchemeLocalId differ LOI/gradingSchemeLocalId > elm:specifiedBy/elm:provenBy/elm:gradingScheme/adms:identifier | The scheme belongs to the assessment that took place, not to one planned by the specification.
51 LearningOpportunityInstance/resultLabel agree LOI/resultLabel > elm:provenBy/elm:grade
52 LearningOpportunityInstance/shortenedGrading faulty LOI/shortenedGrading > elm:shortenedGrading | A property of the assessment, not of the achievement.
53 LearningOpportunityInstance/resultDistribution faulty LOI/resultDistribution > elm:resultDistribution | A property of the assessment, not of the achievement.
54 LearningOpportunityInstance/credit agree LOI/credit > elm:creditReceived
55 LearningOpportunityInstance/level faulty LOI/level > elm:specifiedBy/elm:educationlevel | Misspelt; and row 66 says otherwise.
56 LearningOpportunityInstance/languageOfInstruction agree LOI/languageOfInstruction > elm:influencedBy/elm:specifiedBy/dc:language
57 LearningOpportunityInstance/engagementHours faulty LOI/engagementHours > elm:influencedBy/elm:contactHours | The property is contactHour, and it belongs to the specification of the activity.
58 LearningOpportunityInstance/attachments(mitRef.) faulty LOI/attachments > elm:supplementaryDocument elm:attachment elm:embeddedEvidence (?) | Three properties and a question mark: only supplementaryDocument is allowed on a claim.
59 LearningOpportunityInstance/grouping not-mapped LOI/grouping
60 LearningOpportunityInstance/extension not-mapped LOI/extension
61 LearningOpportunityInstance/diplomaSupplement not-mapped DS
62 AcademicTerm agree LOI/academicTerm > dc:PeriodOfTime
63 AcademicTerm/title agree LOI/academicTerm/title > skos:prefLabel
64 AcademicTerm/start agree LOI/academicTerm/start > elm:startDate
65 AcademicTerm/end agree LOI/academicTerm/end > elm:endDate
66 (Education)Level faulty LOI/level > elm:eqflevel | Misspelt; and only a Qualification has the property, once.
67 EducationLevel/type not-mapped LOI/level/type
68 EducationLevel/description differ LOI/level/description > skos:prefLabel | Only on concepts of ours: one of a published list must not get a second label.
69 EducationLevel/value differ LOI/level/value > skos:notation | Only on concepts of ours: one of a published list is known by its identifier.
70 Credit agree LOI/credit > elm:CreditPoint
71 Credits/scheme faulty LOI/credit/scheme > elm:Framework | The property has a small letter.
72 Credit/level(willberemoved?) not-mapped LOI/credit/level
73 Credits/value agree LOI/credit/value > elm:point
74 ShortenedGrading agree LOI/shortenedGrading > elm:ShortenedGrading
75 ShortenedGrading/percentageLower agree LOI/shortenedGrading/percentageLower > elm:percentageLower
76 ShortenedGrading/percentageEqual agree LOI/shortenedGrading/percentageEqual > elm:percentageEqual
77 ShortenedGrading/percentageHigher agree LOI/shortenedGrading/percentageHigher > elm:percentageHigher
78 ResultDistribution agree LOI/resultDistribution > elm:ResultDistribution
79 ResultDistribution/category faulty LOI/resultDistribution/category > elm:ResultCategory | A class is named where the property resultCategory is needed.
80 ResultDistribution/description agree LOI/resultDistribution/description > dc:description
81 ResultCategory agree LOI/resultDistribution/category > elm:ResultCategory
82 ResultCategory/label agree LOI/resultDistribution/category/@label > elm:label
83 ResultCategory/count agree LOI/resultDistribution/category/@count > elm:count | Except for zero, which the type in ELM excludes.
84 GradingScheme agree report/gradingScheme > elm:GradingScheme
85 GradingScheme/localId faulty report/gradingScheme/@localId > adms:Identifier | The name is that of a class; the property has a small letter.
86 GradingScheme/description agree report/gradingScheme/description > dc:description
87 DiplomaSupplement not-mapped DS | A profile for supplements is no place for the sections of one.
88 DiplomaSupplement/version not-mapped DS/version
89 DiplomaSupplement/issueDate not-mapped DS/issueDate
90 DiplomaSupplement/introduction not-mapped DS/introduction
91 DiplomaSupplement/section not-mapped SEC
92 DiplomaSupplement/signature not-mapped DS/ds:Signature
93 DiplomaSupplement/language not-mapped DS/@xml:lang
94 DiplomaSupplementSection not-mapped SEC
95 DiplomaSupplementSection/title not-mapped SEC/title
96 DiplomaSupplementSection/content not-mapped SEC/content
97 DiplomaSupplementSection/additionalInformation not-mapped SEC/additionalInformation
98 DiplomaSupplementSection/attachment not-mapped SEC/attachment
99 DiplomaSupplementSection/section not-mapped SEC/section
100 DiplomaSupplementSection/number not-mapped SEC/@number
101 Attachment agree attachment > elm:MediaObject
102 Attachment/identifier not-mapped attachment/identifier
103 Attachment/title agree attachment/title > dc:title
104 Attachment/type agree attachment/type > elm:attachmentType
105 Attachment/description agree attachment/description > dc:description
106 Attachment/content agree attachment/content > elm:content
107 Attachment/extension not-mapped attachment/extension
108 AttachmentReference not-mapped LOI/attachments
109 AttachmentReference/ref not-mapped LOI/attachments/ref
110 Groups faulty groups > elm:Group | As row 7.
111 Groups not-mapped groups/groupType
112 CustomsExtensionsController not-mapped extension
113 CustomsExtensionsController not-mapped extension
114 Signature not-mapped ds:Signature
115 Signature not-mapped ds:Signature
`
