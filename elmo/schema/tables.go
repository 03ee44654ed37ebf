package schema

// table holds what the schemas say, all versions in one. It is in a notation of its own, read by
// compile:
//
//	type NAME [mixed] [VERSIONS]    a type whose content is elements; with none it is empty
//	text NAME BASE [VERSIONS]       a type whose content is a value of BASE, with attributes
//	value NAME BASE [VERSIONS]      a type of values: the words below it, quoted or bare, if there are any
//	global NAME TYPE [VERSIONS]     an element that wildcards let in
//	attribute NAME TYPE             an attribute that wildcards let in
//
// The VERSIONS of a type say where xsi:type can name it.
//
// Below a type stand its elements, in order:
//
//	NAME [TYPE] [OCCURS] [VERSIONS]    without TYPE: the global element NAME
//	any SPACE PROCESS [OCCURS]         a wildcard: SPACE is any or other, PROCESS is lax or strict
//	( , | and ) [OCCURS]               groups and choices
//	@NAME TYPE [required]              an attribute
//	@*                                 any attribute that is declared globally
//	~ PATTERN                          a pattern that the value must match
//
// OCCURS is ?, *, +, 1 (default) or {from,to}. VERSIONS is 1.2- (since), -1.4 (until) or 1.2-1.4.
// Types without a name in the schema begin with a small letter here and have no prefix; TYPE any is
// xs:anyType. Prefixes: ds (XML Signature), ea (EWP address), ewp (EWP common types), europass, xs, xml.
//
// Sources: the schemas of the tags v1.0.0 to v2.0.0 of emrex-eu/elmo-schemas and what they import.
const table = `
global elmo document
global ds:Signature ds:SignatureType
global ds:SignatureValue ds:SignatureValueType
global ds:SignedInfo ds:SignedInfoType
global ds:CanonicalizationMethod ds:CanonicalizationMethodType
global ds:SignatureMethod ds:SignatureMethodType
global ds:Reference ds:ReferenceType
global ds:Transforms ds:TransformsType
global ds:Transform ds:TransformType
global ds:DigestMethod ds:DigestMethodType
global ds:DigestValue ds:DigestValueType
global ds:KeyInfo ds:KeyInfoType
global ds:KeyName xs:string
global ds:MgmtData xs:string
global ds:KeyValue ds:KeyValueType
global ds:RetrievalMethod ds:RetrievalMethodType
global ds:X509Data ds:X509DataType
global ds:PGPData ds:PGPDataType
global ds:SPKIData ds:SPKIDataType
global ds:Object ds:ObjectType
global ds:Manifest ds:ManifestType
global ds:SignatureProperties ds:SignaturePropertiesType
global ds:SignatureProperty ds:SignaturePropertyType
global ds:DSAKeyValue ds:DSAKeyValueType
global ds:RSAKeyValue ds:RSAKeyValueType
global ea:street-address ea:FlexibleAddress 1.5-
global ea:mailing-address ea:FlexibleAddress 1.5-
global ewp:admin-email ewp:Email 1.5-
global ewp:admin-provider xs:string 1.5-
global ewp:admin-notes ewp:MultilineString 1.5-
global ewp:error-response errorResponse 1.5-
global ewp:success-user-message ewp:MultilineStringWithOptionalLang 1.5-
attribute xml:lang xs:language
attribute xml:base xs:anyURI
attribute xml:space space

type document
  generatedDate xs:dateTime
  learner learner
  report report +
  attachment Attachment *
  groups Groups ? 1.3-
  extension CustomExtensionsContainer ?
  ds:Signature 1 -1.4
  ds:Signature ? 1.5-

type learner
  citizenship europass:countryCode ?
  identifier identifier *
  givenNames xs:token
  familyName xs:token
  alternativeName alternativeName 1 2.0-
  bday xs:date ? -1.7
  dateOfBirth xs:date ? 2.0-
  placeOfBirth xs:token ? 1.5-
  birthName xs:token ? 1.5-
  currentAddress ea:FlexibleAddress ? 1.5-
  gender gender ? 1.5-

text identifier xs:token
  @type xs:token required

text alternativeName xs:string
  @xml:lang xs:language

value gender xs:integer
  0 1 2 9

type report
  issuer Issuer
  learningOpportunitySpecification LearningOpportunitySpecification *
  resultOfRecognition ResultOfRecognition * 2.0-
  issueDate xs:dateTime
  gradingScheme gradingScheme * 1.2-
  attachment Attachment *

type Issuer 2.0-
  country europass:countryCode ?
  identifier identifier +
  title TokenWithOptionalLang +
  url xs:token

type gradingScheme
  @localId xs:token required
  description PlaintextMultilineStringWithOptionalLang *

text TokenWithOptionalLang xs:token
  @xml:lang xs:language

text PlaintextMultilineStringWithOptionalLang xs:string
  @xml:lang xs:language

text SimpleHtmlStringWithOptionalLang xs:string 1.2-
  @xml:lang xs:language

type CustomExtensionsContainer
  @*
  any other strict * -1.0
  any other lax * 1.1-

type Groups 1.3-
  groupType groupType *

type groupType
  @id xs:string
  title TokenWithOptionalLang 1 -1.6
  title TokenWithOptionalLang + 1.7-
  group group *

type group
  @id xs:string
  @sortingKey xs:string
  title TokenWithOptionalLang 1 -1.6
  title TokenWithOptionalLang + 1.7-

type Attachment
  identifier identifier * 1.3-
  title TokenWithOptionalLang *
  type attachmentType ?
  description PlaintextMultilineStringWithOptionalLang ? -1.1
  description PlaintextMultilineStringWithOptionalLang * 1.2-
  content any 1 -1.1
  content TokenWithOptionalLang * 1.2-
  extension CustomExtensionsContainer ?

value attachmentType xs:token
  "Diploma" 1.6-
  "Diploma Supplement"
  "Transcript of Records"
  "EMREX transcript" 1.1-
  "Micro Credential" 1.6-
  "Letter of Nomination"
  "Certificate of Training"
  "Learning Agreement"
  "Other" 1.2-

type LearningOpportunitySpecification
  identifier identifier * -1.7
  identifier identifier + 2.0-
  title TokenWithOptionalLang +
  type specificationType ?
  subjectArea xs:token ?
  iscedCode xs:token ?
  url xs:token ?
  description PlaintextMultilineStringWithOptionalLang ? -1.0
  description PlaintextMultilineStringWithOptionalLang * 1.1-
  descriptionHtml SimpleHtmlStringWithOptionalLang * 1.2-
  specifies specifies
  hasPart hasPart *
  extension CustomExtensionsContainer ?

value specificationType xs:token
  "Degree Programme" "Module" "Course" "Class"

type specifies
  learningOpportunityInstance learningOpportunityInstance
  extension CustomExtensionsContainer ?

type hasPart
  learningOpportunitySpecification LearningOpportunitySpecification

type learningOpportunityInstance
  identifier identifier * 1.2-
  start xs:date ?
  date xs:date ?
  academicTerm academicTerm ?
  status status ? 1.2-
  gradingSchemeLocalId xs:token ? 1.2-
  gradingSchemeExternalId xs:token ? 2.0-
  resultLabel xs:token ?
  shortenedGrading shortenedGrading ?
  resultDistribution resultDistribution ?
  credit credit *
  level level * 1.2-
  languageOfInstruction xs:token ?
  engagementHours xs:decimal ?
  attachments references ? 1.3-
  grouping grouping 1 1.3-1.3
  grouping grouping ? 1.4-
  extension CustomExtensionsContainer ?
  diplomaSupplement DiplomaSupplement ? 1.4-

type academicTerm
  title TokenWithOptionalLang +
  start xs:date
  end xs:date

value status xs:token
  "passed" "failed" "in-progress"

type shortenedGrading
  percentageLower xs:decimal
  percentageEqual xs:decimal
  percentageHigher xs:decimal

type resultDistribution
  category category +
  description PlaintextMultilineStringWithOptionalLang ? -1.1
  description PlaintextMultilineStringWithOptionalLang * 1.2-

type category
  @label xs:token required
  @count xs:nonNegativeInteger required

type credit
  scheme xs:token
  level creditLevel ? -1.7
  value xs:decimal ?

value creditLevel xs:token
  "Bachelor" "Master" "PhD"

type level
  type xs:token
  description PlaintextMultilineStringWithOptionalLang ?
  value xs:token ?

type references
  ref xs:string *

text grouping xs:string
  @typeref xs:string
  @idref xs:string

type DiplomaSupplement 1.4-
  @xml:lang xs:language
  version xs:token
  issueDate xs:date
  introduction any
  section DiplomaSupplementSection +
  ds:Signature ?

type DiplomaSupplementSection 1.4-
  @number sectionNumber required
  title xs:token
  content sectionContent ?
  additionalInformation xs:string *
  attachment Attachment *
  section DiplomaSupplementSection *

value sectionNumber xs:token
  ~ [0-9\.]+

text sectionContent xs:token
  @type xs:token

type ResultOfRecognition 2.0-
  title TokenWithOptionalLang *
  description PlaintextMultilineStringWithOptionalLang *
  subjectArea xs:token ?
  iscedCode xs:token ?
  status recognitionStatus
  decisionDate xs:date ?
  recognitionBasis recognitionBasis *
  recognitionResult hasPart *
  recognitionMapping recognitionMapping *
  attachments references ?

value recognitionStatus xs:token
  "Positive" "Negative" "Partially Positive"

type recognitionBasis
  recognitionReport RecognitionReport

type RecognitionReport 2.0-
  issuer Issuer
  learningOpportunitySpecification LearningOpportunitySpecification *
  resultOfRecognition ResultOfRecognition *
  issueDate xs:dateTime
  gradingScheme gradingScheme *
  attachment Attachment *

type recognitionMapping
  mapping mapping

type mapping
  fromMapping references *
  toMapping references *

value space xs:NCName
  default preserve

value europass:countryCode xs:string
  AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO
  CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GL GM GN GQ GR GT GW GY HN HR HT HU
  ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH
  MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NU NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU
  RW SA SB SC SD SE SG SI SK SL SM SN SO SR ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA UG US UY UZ VA VC VE
  VN VU WS YE ZA ZM ZW

type ea:FlexibleAddress 1.5-
  ea:recipientName xs:string *
  (
  ea:addressLine xs:string {0,4}
  |
  ea:buildingNumber xs:string ?
  ea:buildingName xs:string ?
  ea:streetName xs:string ?
  ea:unit xs:string ?
  ea:floor xs:string ?
  ea:postOfficeBox xs:string ?
  ea:deliveryPointCode xs:string *
  )
  ea:postalCode xs:string ?
  ea:locality xs:string ?
  ea:region xs:string ?
  ea:country ewp:CountryCode ?

value ewp:CountryCode xs:string 1.5-
  ~ [A-Z][A-Z]

value ewp:Email xs:string 1.5-
  ~ [^@]+@[^.]+\..+

text ewp:MultilineString xs:string 1.5-

text ewp:MultilineStringWithOptionalLang ewp:MultilineString 1.5-
  @xml:lang xs:language

type errorResponse
  ewp:developer-message ewp:MultilineString
  ewp:user-message ewp:MultilineStringWithOptionalLang *

type ds:SignatureType
  @Id xs:ID
  ds:SignedInfo
  ds:SignatureValue
  ds:KeyInfo ?
  ds:Object *

text ds:SignatureValueType xs:base64Binary
  @Id xs:ID

type ds:SignedInfoType
  @Id xs:ID
  ds:CanonicalizationMethod
  ds:SignatureMethod
  ds:Reference +

type ds:CanonicalizationMethodType mixed
  @Algorithm xs:anyURI required
  any any strict *

type ds:SignatureMethodType mixed
  @Algorithm xs:anyURI required
  ds:HMACOutputLength ds:HMACOutputLengthType ?
  any other strict *

type ds:ReferenceType
  @Id xs:ID
  @URI xs:anyURI
  @Type xs:anyURI
  ds:Transforms ?
  ds:DigestMethod
  ds:DigestValue

type ds:TransformsType
  ds:Transform +

type ds:TransformType mixed
  @Algorithm xs:anyURI required
  (
  any other lax
  |
  ds:XPath xs:string
  ) *

type ds:DigestMethodType mixed
  @Algorithm xs:anyURI required
  any other lax *

value ds:DigestValueType xs:base64Binary

value ds:CryptoBinary xs:base64Binary

value ds:HMACOutputLengthType xs:integer

type ds:KeyInfoType mixed
  @Id xs:ID
  (
  ds:KeyName
  |
  ds:KeyValue
  |
  ds:RetrievalMethod
  |
  ds:X509Data
  |
  ds:PGPData
  |
  ds:SPKIData
  |
  ds:MgmtData
  |
  any other lax
  ) +

type ds:KeyValueType mixed
  (
  ds:DSAKeyValue
  |
  ds:RSAKeyValue
  |
  any other lax
  )

type ds:RetrievalMethodType
  @URI xs:anyURI
  @Type xs:anyURI
  ds:Transforms ?

type ds:X509DataType
  (
  ds:X509IssuerSerial ds:X509IssuerSerialType
  |
  ds:X509SKI xs:base64Binary
  |
  ds:X509SubjectName xs:string
  |
  ds:X509Certificate xs:base64Binary
  |
  ds:X509CRL xs:base64Binary
  |
  any other lax
  ) +

type ds:X509IssuerSerialType
  ds:X509IssuerName xs:string
  ds:X509SerialNumber xs:integer

type ds:PGPDataType
  (
  ds:PGPKeyID xs:base64Binary
  ds:PGPKeyPacket xs:base64Binary ?
  any other lax *
  |
  ds:PGPKeyPacket xs:base64Binary
  any other lax *
  )

type ds:SPKIDataType
  (
  ds:SPKISexp xs:base64Binary
  any other lax ?
  ) +

type ds:ObjectType mixed
  @Id xs:ID
  @MimeType xs:string
  @Encoding xs:anyURI
  any any lax *

type ds:ManifestType
  @Id xs:ID
  ds:Reference +

type ds:SignaturePropertiesType
  @Id xs:ID
  ds:SignatureProperty +

type ds:SignaturePropertyType mixed
  @Target xs:anyURI required
  @Id xs:ID
  (
  any other lax
  ) +

type ds:DSAKeyValueType
  (
  ds:P ds:CryptoBinary
  ds:Q ds:CryptoBinary
  ) ?
  ds:G ds:CryptoBinary ?
  ds:Y ds:CryptoBinary
  ds:J ds:CryptoBinary ?
  (
  ds:Seed ds:CryptoBinary
  ds:PgenCounter ds:CryptoBinary
  ) ?

type ds:RSAKeyValueType
  ds:Modulus ds:CryptoBinary
  ds:Exponent ds:CryptoBinary
`
