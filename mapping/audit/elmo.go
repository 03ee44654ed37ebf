package audit

// elmoTable is the fate of ELMO 1.7 and 2.0, in the notation of doc.go.
const elmoTable = `
= elmo
. : ENV-02+VAL-08+VAL-07 normalised GAP-001 > EuropeanDigitalCredential | One credential for each report: a document of several reports becomes several credentials.
generatedDate : ENV-09 kept/added GAP-002
extension : ENV-09+VAL-06 kept GAP-003
ds:Signature : ENV-11 dropped | A signature vouches for the bytes of the XML and cannot outlive them; keep=source carries the signed file.

= learner learner
. : ENV-02+EDC-07 exact > Person EuropeanDigitalCredential/credentialSubject | A learner holds less than a Person: see its members.
citizenship : LRN-07+VAL-04 exact..normalised GAP-004 > Person/citizenshipCountry
identifier : LRN-06+LRN-05 exact..normalised > Person/identifier Person/nationalID Identifier/notation LegalIdentifier/notation
identifier/@type : LRN-06+LRN-05 exact > Identifier/schemeName
givenNames : LRN-01 exact..normalised GAP-005 > Person/givenName
familyName : LRN-02 exact..normalised GAP-005 > Person/familyName
alternativeName[2.0] : LRN-12+VER-01 kept/added GAP-006 GAP-007
alternativeName/@xml:lang[2.0] : LRN-12+VAL-01 kept GAP-006
bday[1.7] dateOfBirth[2.0] : LRN-04+VAL-03 exact..normalised GAP-008 > Person/dateOfBirth
placeOfBirth : LRN-08 kept GAP-009 GAP-010 > Person/placeOfBirth
birthName : LRN-09 exact..normalised GAP-005 > Person/birthName
gender : LRN-10 exact..kept GAP-011 > Person/gender

= currentAddress learner/currentAddress
. : LRN-11 kept GAP-012 > Person/location Address/fullAddress
recipientName buildingNumber buildingName streetName unit floor postOfficeBox deliveryPointCode postalCode locality region : LRN-11 kept GAP-012
addressLine : LRN-11 exact GAP-012 > Address/fullAddress
country : LRN-11 exact GAP-012 > Address/countryCode

= report report
. : ENV-02+ENV-10 exact..kept GAP-001 > EuropeanDigitalCredential
issueDate : ENV-05+RPT-01 exact..kept GAP-013 > EuropeanDigitalCredential/validFrom EuropeanDigitalCredential/issuanceDate EuropeanDigitalCredential/issued
attachment : ATT-04+ATT-06+ATT-02+ATT-03 exact > EuropeanDigitalCredential/attachment MediaObject

= issuer report/issuer
. : ISS-01+ENV-01+EDC-02 exact..kept GAP-014 > AwardingProcess/awardingBody Organisation
country : ISS-03 exact..kept GAP-015 > Organisation/location Location/address Address/countryCode
identifier : ISS-02+EDC-03 exact..kept GAP-016 > Organisation/identifier Identifier/notation
identifier/@type : ISS-02+EDC-03 exact..kept GAP-016 > Identifier/schemeName
title : ISS-01 exact..kept > Organisation/legalName Organisation/altLabel
title/@xml:lang : VAL-01 exact > Organisation/legalName
url : ISS-04+VAL-05 exact..kept GAP-017 > Organisation/homepage WebResource/contentURL

= gradingScheme report/gradingScheme
. : GRS-01 exact..kept GAP-018 > LearningAssessmentSpecification/gradingScheme GradingScheme | A scheme that no result refers to stays in the remainder.
@localId : GRS-01+LOI-06 exact..kept/added > GradingScheme/identifier Identifier/notation
description : GRS-01 exact..kept > GradingScheme/description
description/@xml:lang : VAL-01 exact..kept > GradingScheme/description

= groups groups
. groupType groupType/@id groupType/title groupType/title/@xml:lang groupType/group groupType/group/@id groupType/group/@sortingKey : ENV-09 kept GAP-019
groupType/group/title groupType/group/title/@xml:lang : ENV-09+LOI-16 kept GAP-019

= learningOpportunitySpecification LOS
. : LOS-01 exact > Person/hasClaim LearningAchievement LearningAchievement/specifiedBy LearningAchievementSpecification Qualification
identifier : LOS-04 exact GAP-007 > LearningAchievementSpecification/identifier Qualification/identifier Identifier/notation
identifier/@type : LOS-04 exact > Identifier/schemeName
title : LOS-03 exact..normalised > LearningAchievement/title LearningAchievementSpecification/title Qualification/title LearningAchievementSpecification/altLabel Qualification/altLabel
title/@xml:lang : VAL-01 exact > LearningAchievement/title LearningAchievementSpecification/title Qualification/title
type : LOS-02 exact GAP-020 > LearningAchievementSpecification/dcType Qualification/dcType
subjectArea : LOS-05 exact GAP-021 > LearningAchievementSpecification/educationSubject Qualification/educationSubject
iscedCode : LOS-06+VAL-04 exact GAP-021 > LearningAchievementSpecification/thematicArea Qualification/thematicArea LearningAchievementSpecification/educationSubject Qualification/educationSubject
url : LOS-07 exact GAP-017 > LearningAchievementSpecification/homepage Qualification/homepage WebResource/contentURL
description : LOS-08 exact..kept > LearningAchievementSpecification/description Qualification/description LearningAchievement/description
description/@xml:lang : VAL-01 exact..kept > LearningAchievementSpecification/description Qualification/description
descriptionHtml : LOS-09 exact..normalised GAP-022 > LearningAchievement/additionalNote Note/noteLiteral Note/noteFormat
descriptionHtml/@xml:lang : VAL-01+LOS-09 exact GAP-022 > Note/noteLiteral
specifies : LOS-01 exact > LearningAchievement/specifiedBy
specifies/extension extension : LOS-10+VAL-06 kept GAP-003
hasPart hasPart/learningOpportunitySpecification : LOS-01 exact > LearningAchievement/hasPart

= learningOpportunityInstance LOI
. : LOS-01 exact > LearningAchievement
identifier : LOI-01 exact > LearningAchievement/identifier Identifier/notation
identifier/@type : LOI-01 exact > Identifier/schemeName
start : LOI-02+VAL-03 exact..normalised GAP-008 GAP-023 > LearningAchievement/influencedBy LearningActivity/temporal PeriodOfTime/startDate
date : LOI-02+VAL-03 exact..normalised GAP-008 GAP-023 > AwardingProcess/awardingDate LearningAssessment/dateIssued PeriodOfTime/endDate
academicTerm : LOI-03 exact GAP-023 > LearningAchievement/learningOpportunity LearningOpportunity/temporal PeriodOfTime
academicTerm/title : LOI-03 exact..normalised > PeriodOfTime/prefLabel
academicTerm/title/@xml:lang : VAL-01 exact > PeriodOfTime/prefLabel
academicTerm/start : LOI-03+VAL-03 exact..normalised GAP-008 > PeriodOfTime/startDate
academicTerm/end : LOI-03+VAL-03 exact..normalised GAP-008 > PeriodOfTime/endDate
status : LOI-04 exact GAP-024 > LearningAssessment/gradeStatus
gradingSchemeLocalId : LOI-06+GRS-01 exact/added > LearningAssessmentSpecification/gradingScheme GradingScheme/identifier
gradingSchemeExternalId[2.0] : RPT-02+LOI-06 exact > GradingScheme/identifier
resultLabel : LOI-05 exact..normalised GAP-025 > LearningAchievement/provenBy LearningAssessment/grade
shortenedGrading : LOI-07 exact..kept > LearningAssessment/shortenedGrading ShortenedGrading
shortenedGrading/percentageLower : LOI-07 exact..kept GAP-026 > ShortenedGrading/percentageLower | Whole numbers are carried; fractions are rounded to the same sum and kept.
shortenedGrading/percentageEqual : LOI-07 exact..kept GAP-026 > ShortenedGrading/percentageEqual | Whole numbers are carried; fractions are rounded to the same sum and kept.
shortenedGrading/percentageHigher : LOI-07 exact..kept GAP-026 > ShortenedGrading/percentageHigher | Whole numbers are carried; fractions are rounded to the same sum and kept.
resultDistribution : LOI-08 exact > LearningAssessment/resultDistribution ResultDistribution
resultDistribution/category : LOI-08 exact..kept GAP-027 GAP-028 > ResultDistribution/resultCategory ResultCategory
resultDistribution/category/@label : LOI-08 exact..kept > ResultCategory/label
resultDistribution/category/@count : LOI-08+VAL-04 exact..kept GAP-027 > ResultCategory/count | Counts from 1 on are carried; only the category counted 0 is kept.
resultDistribution/description : LOI-08 exact..kept > ResultDistribution/description
resultDistribution/description/@xml:lang : VAL-01 exact..kept > ResultDistribution/description
credit : LOI-09 exact..kept > LearningAchievement/creditReceived CreditPoint
credit/scheme : LOI-09 exact..kept > CreditPoint/framework
credit/level[1.7] : LOI-10+VER-01 kept GAP-029
credit/value : LOI-09+VAL-04 exact > CreditPoint/point
level : LOI-11+LOI-12 exact..kept GAP-030 > Qualification/eqfLevel Qualification/nqfLevel Qualification/educationLevel LearningAchievementSpecification/educationLevel
level/type : LOI-11+LOI-12 exact..kept GAP-030 GAP-031 > Concept/inScheme
level/description : LOI-12+LOI-11 exact..kept GAP-030 > Concept/prefLabel | On a concept of a published list another label is not allowed, so the level is kept.
level/description/@xml:lang : VAL-01+LOI-12 exact..kept GAP-030 > Concept/prefLabel
level/value : LOI-11+LOI-12 exact GAP-030 > Concept/notation
languageOfInstruction : LOI-13+VAL-04 exact..kept GAP-023 GAP-032 > LearningActivity/specifiedBy LearningActivitySpecification/language
engagementHours : LOI-14 exact GAP-033 > LearningActivitySpecification/contactHour LearningActivity/workload
attachments : LOI-15 exact/none GAP-034 > LearningAchievement/supplementaryDocument
attachments/ref : LOI-15 exact..kept/none GAP-034 GAP-035 > LearningAchievement/supplementaryDocument WebResource/contentURL
grouping : LOI-16 kept/none GAP-019 > LearningAchievementSpecification/category Qualification/category
grouping/@typeref grouping/@idref : LOI-16 kept GAP-019
extension : LOI-17+VAL-06 kept GAP-003

= diplomaSupplement DS
. : DSP-01+DSP-04 kept/added GAP-036 > LearningAchievement/additionalNote
@xml:lang version introduction : DSP-01 kept/added GAP-036
issueDate : DSP-01+DSP-04 kept/added GAP-036
ds:Signature : DSP-01+ENV-11 kept | Kept with the supplement as XML; it cannot be checked against the credential.
section : DSP-02+DSP-01+DSP-03+DSP-04 kept/added GAP-036 > LearningAchievementSpecification/additionalNote Qualification/additionalNote

= section SEC
@number : DSP-02+DSP-01 kept/added GAP-036 > Note/subject Concept/notation
title : DSP-02+DSP-01 kept/added GAP-036 > Note/subject Concept/prefLabel
content : DSP-02+DSP-01+DSP-03 kept GAP-036 > Note/noteLiteral Qualification/entryRequirement Qualification/maximumDuration Qualification/learningOutcomeSummary Qualification/educationSubject
content/@type : DSP-02+DSP-01 kept GAP-036 > Note/noteFormat
additionalInformation : DSP-02+DSP-01 kept/none GAP-036 > Note/noteLiteral
attachment : DSP-01+ATT-04 kept/none GAP-036 > EuropeanDigitalCredential/attachment
section : DSP-02+DSP-01 kept/added GAP-036

= resultOfRecognition ROR
.[2.0] title[2.0] title/@xml:lang[2.0] description[2.0] description/@xml:lang[2.0] subjectArea[2.0] iscedCode[2.0] : RPT-03+VER-01 kept GAP-037
status[2.0] decisionDate[2.0] : RPT-03+VER-01 kept/none GAP-037 > LearningAchievementSpecification/additionalNote Qualification/additionalNote
recognitionBasis[2.0] recognitionResult[2.0] recognitionResult/learningOpportunitySpecification[2.0] recognitionMapping[2.0] recognitionMapping/mapping[2.0] : RPT-03+VER-01 kept GAP-037
recognitionMapping/mapping/fromMapping[2.0] recognitionMapping/mapping/fromMapping/ref[2.0] recognitionMapping/mapping/toMapping[2.0] recognitionMapping/mapping/toMapping/ref[2.0] : RPT-03+VER-01 kept GAP-037
attachments[2.0] attachments/ref[2.0] : RPT-03+VER-01 kept GAP-037

= recognitionReport ROR/recognitionBasis/recognitionReport
.[2.0] issuer[2.0] learningOpportunitySpecification[2.0] resultOfRecognition[2.0] issueDate[2.0] attachment[2.0] : RPT-03+VER-01 kept GAP-037
gradingScheme[2.0] gradingScheme/@localId[2.0] gradingScheme/description[2.0] gradingScheme/description/@xml:lang[2.0] : RPT-03+VER-01 kept GAP-037

= attachment attachment
. : ATT-04+ATT-06 exact > EuropeanDigitalCredential/attachment MediaObject | One below the root goes to the credentials whose results refer to it, else to the first.
identifier identifier/@type : ATT-01+LOI-15 kept GAP-034
title : ATT-02 exact..normalised > MediaObject/title
title/@xml:lang : VAL-01 exact > MediaObject/title
type : ATT-03 exact GAP-038 > MediaObject/attachmentType
description : ATT-02 exact..normalised > MediaObject/description
description/@xml:lang : VAL-01 exact > MediaObject/description
content : ATT-04+ATT-05+ATT-06 exact..normalised > MediaObject/content MediaObject/contentType MediaObject/contentEncoding MediaObject/contentSize
content/@xml:lang : ATT-04+ATT-01+VAL-01 kept GAP-034
extension : ATT-01+VAL-06 kept GAP-003
`
