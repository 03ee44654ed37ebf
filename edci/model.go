package edci

// The model follows the application profile EDC-AP 3.2 (profile edc-generic-full) in the words of
// its JSON-LD context. Each field carries two tags:
//
//	json:"MEMBER"                the member of the compact JSON-LD form
//	edc:"MIN..MAX[,list=NAME]"   the cardinality, over all languages for texts, and the code list
//	                             whose scheme the full profile demands
//
// Every node may have an ID. The type member is the name of the class, or Class where one struct
// serves a class and its subclass. xsd:dateTime, xsd:duration, xsd:decimal and xsd:anyURI are strings
// as written. A member with "*" may be one value or an array in JSON; here it is always a slice.

// EuropeanDigitalCredential is the credential: what the issuer seals.
type EuropeanDigitalCredential struct {
	ID                 string                `json:"id"`
	Types              []string              `json:"type"` // beside VerifiableCredential and EuropeanDigitalCredential
	Identifier         []*Identifier         `json:"identifier" edc:"0..*"`
	CredentialProfiles []*Concept            `json:"credentialProfiles" edc:"1..*,list=credential"`
	Attachment         []*MediaObject        `json:"attachment" edc:"0..*"`
	DisplayParameter   *DisplayParameter     `json:"displayParameter" edc:"1..1"`
	Issuer             AnyAgent              `json:"issuer" edc:"1..1"`
	CredentialSubject  AnyAgent              `json:"credentialSubject" edc:"1..1"`
	IssuanceDate       string                `json:"issuanceDate" edc:"0..1"`
	Issued             string                `json:"issued" edc:"1..1"`
	ValidFrom          string                `json:"validFrom" edc:"1..1"`
	ExpirationDate     string                `json:"expirationDate" edc:"0..1"`
	ValidUntil         string                `json:"validUntil" edc:"0..1"`
	Proof              []*Proof              `json:"proof" edc:"0..*"`
	Evidence           []*Evidence           `json:"evidence" edc:"0..*"`
	TermsOfUse         []*TermsOfUse         `json:"termsOfUse" edc:"0..*"`
	CredentialSchema   []*ShaclValidator2017 `json:"credentialSchema" edc:"1..*"`
	CredentialStatus   *CredentialStatus     `json:"credentialStatus" edc:"0..1"`
	Holder             []AnyAgent            `json:"holder" edc:"0..*"`

	// Source tells where the credential was read from; nil for one made in memory.
	Source *Source `json:"-"`

	// Patches are members beyond the model, put into the tree when the credential is written.
	Patches []Patch `json:"-"`
}

// Patch sets one member; Pointer (RFC 6901) leads to it in the written form. With Insert the value
// goes into an array before the element there, or after the last one.
type Patch struct {
	Pointer string
	Value   any // as in Object; nil removes the member
	Insert  bool
}

// EuropeanDigitalPresentation wraps credentials that a holder shows.
type EuropeanDigitalPresentation struct {
	ID                   string                       `json:"id"`
	VerifiableCredential []*EuropeanDigitalCredential `json:"verifiableCredential" edc:"0..*"`
	VerificationCheck    []*VerificationCheck         `json:"verificationCheck" edc:"0..*"`
	Holder               []AnyAgent                   `json:"holder" edc:"0..*"`
	Proof                []*Proof                     `json:"proof" edc:"0..*"`
}

// DisplayParameter tells how a viewer shows the credential.
type DisplayParameter struct {
	ID                string               `json:"id"`
	Title             LangString           `json:"title" edc:"1..*"`
	Description       LangString           `json:"description" edc:"0..*"`
	Language          []*Concept           `json:"language" edc:"1..*,list=language"`
	PrimaryLanguage   *Concept             `json:"primaryLanguage" edc:"1..1,list=language"`
	SummaryDisplay    string               `json:"summaryDisplay" edc:"0..1"`
	IndividualDisplay []*IndividualDisplay `json:"individualDisplay" edc:"1..*"`
}

// IndividualDisplay is the credential as pictures in one language.
type IndividualDisplay struct {
	ID            string           `json:"id"`
	Language      *Concept         `json:"language" edc:"1..1"`
	DisplayDetail []*DisplayDetail `json:"displayDetail" edc:"1..*"`
}

// DisplayDetail is one page of pictures.
type DisplayDetail struct {
	ID    string       `json:"id"`
	Image *MediaObject `json:"image" edc:"1..1"`
	Page  Number       `json:"page" edc:"1..1"`
}

// Evidence says on what the credential rests.
type Evidence struct {
	ID                string         `json:"id"`
	DCType            *Concept       `json:"dcType" edc:"1..1,list=evidence-type"`
	EvidenceStatement string         `json:"evidenceStatement" edc:"0..1"`
	EvidenceTarget    AnyAgent       `json:"evidenceTarget" edc:"0..1"`
	EmbeddedEvidence  []*MediaObject `json:"embeddedEvidence" edc:"0..*"`
	Accreditation     *Accreditation `json:"accreditation" edc:"0..1"`
}

// VerificationCheck is one check of a verification.
type VerificationCheck struct {
	ID                 string                     `json:"id"`
	DCType             *Concept                   `json:"dcType" edc:"1..1,list=verification"`
	Description        LangString                 `json:"description" edc:"0..*"`
	VerificationStatus *Concept                   `json:"verificationStatus" edc:"1..1,list=verification-status"`
	ELMSubject         *EuropeanDigitalCredential `json:"elmSubject" edc:"1..1"`
}

// ShaclValidator2017 names the profile (credentialSchema).
type ShaclValidator2017 struct {
	ID string `json:"id"`
}

// CredentialStatus names where the status is found.
type CredentialStatus struct {
	ID string `json:"id"`
}

// TermsOfUse names the terms of use.
type TermsOfUse struct {
	ID string `json:"id"`
}

// Proof is an embedded proof.
type Proof struct {
	ID string `json:"id"`
}

// Person is a natural person: the learner.
type Person struct {
	ID                 string                       `json:"id"`
	Identifier         []*Identifier                `json:"identifier" edc:"0..*"`
	Location           *Location                    `json:"location" edc:"0..1"`
	NationalID         *Identifier                  `json:"nationalID" edc:"0..1"`
	FullName           LangString                   `json:"fullName" edc:"0..1"`
	GivenName          LangString                   `json:"givenName" edc:"0..1"`
	FamilyName         LangString                   `json:"familyName" edc:"0..1"`
	BirthName          LangString                   `json:"birthName" edc:"0..*"`
	PatronymicName     LangString                   `json:"patronymicName" edc:"0..*"`
	MemberOf           []*Organisation              `json:"memberOf" edc:"0..*"`
	DateOfBirth        string                       `json:"dateOfBirth" edc:"0..1"`
	PlaceOfBirth       *Location                    `json:"placeOfBirth" edc:"0..1"`
	CitizenshipCountry []*Concept                   `json:"citizenshipCountry" edc:"0..*,list=country"`
	Gender             *Concept                     `json:"gender" edc:"0..1"`
	ContactPoint       []*ContactPoint              `json:"contactPoint" edc:"0..*"`
	GroupMemberOf      []*Group                     `json:"groupMemberOf" edc:"0..*"`
	DateModified       string                       `json:"dateModified" edc:"0..1"`
	HasCredential      []*EuropeanDigitalCredential `json:"hasCredential" edc:"0..*"`
	HasClaim           []AnyClaim                   `json:"hasClaim" edc:"1..*"`
}

// Organisation is an institution.
type Organisation struct {
	ID                 string           `json:"id"`
	Identifier         []*Identifier    `json:"identifier" edc:"0..*"`
	AltLabel           LangString       `json:"altLabel" edc:"0..*"`
	DCType             []*Concept       `json:"dcType" edc:"0..*"`
	Homepage           []*WebResource   `json:"homepage" edc:"0..*"`
	AdditionalNote     []*Note          `json:"additionalNote" edc:"0..*"`
	Location           []*Location      `json:"location" edc:"1..*"`
	Accreditation      []*Accreditation `json:"accreditation" edc:"0..*"`
	EIDASIdentifier    *Identifier      `json:"eIDASIdentifier" edc:"0..1"`
	Registration       *Identifier      `json:"registration" edc:"0..1"`
	LegalName          LangString       `json:"legalName" edc:"1..*"`
	VatIdentifier      []*Identifier    `json:"vatIdentifier" edc:"0..*"`
	TaxIdentifier      []*Identifier    `json:"taxIdentifier" edc:"0..*"`
	Logo               *MediaObject     `json:"logo" edc:"0..1"`
	HasSubOrganization []*Organisation  `json:"hasSubOrganization" edc:"0..*"`
	SubOrganizationOf  *Organisation    `json:"subOrganizationOf" edc:"0..1"`
	// org:hasMember (0..*) has no member in the context.
	GroupMemberOf []*Group        `json:"groupMemberOf" edc:"0..*"`
	ContactPoint  []*ContactPoint `json:"contactPoint" edc:"0..*"`
	DateModified  string          `json:"dateModified" edc:"0..1"`
}

// Agent is somebody who need be neither Person nor Organisation.
type Agent struct {
	ID             string          `json:"id"`
	Identifier     []*Identifier   `json:"identifier" edc:"0..*"`
	AltLabel       LangString      `json:"altLabel" edc:"0..*"`
	PrefLabel      LangString      `json:"prefLabel" edc:"0..*"`
	Location       []*Location     `json:"location" edc:"0..*"`
	AdditionalNote []*Note         `json:"additionalNote" edc:"0..*"`
	ContactPoint   []*ContactPoint `json:"contactPoint" edc:"0..*"`
	GroupMemberOf  []*Group        `json:"groupMemberOf" edc:"0..*"`
	DateModified   string          `json:"dateModified" edc:"0..1"`
}

// Group is a group of people.
type Group struct {
	ID             string          `json:"id"`
	PrefLabel      LangString      `json:"prefLabel" edc:"1..*"`
	AltLabel       LangString      `json:"altLabel" edc:"0..*"`
	DCType         []*Concept      `json:"dcType" edc:"0..*"`
	AdditionalNote []*Note         `json:"additionalNote" edc:"0..*"`
	Location       []*Location     `json:"location" edc:"0..*"`
	ContactPoint   []*ContactPoint `json:"contactPoint" edc:"0..*"`
	Member         []AnyAgent      `json:"member" edc:"0..*"`
}

// LearningAchievement is what was achieved.
type LearningAchievement struct {
	ID                    string                            `json:"id"`
	Title                 LangString                        `json:"title" edc:"1..*"`
	Description           LangString                        `json:"description" edc:"0..*"`
	Identifier            []*Identifier                     `json:"identifier" edc:"0..*"`
	DCType                []*Concept                        `json:"dcType" edc:"0..*"`
	AdditionalNote        []*Note                           `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource                    `json:"supplementaryDocument" edc:"0..*"`
	LearningOpportunity   *LearningOpportunity              `json:"learningOpportunity" edc:"0..1"`
	CreditReceived        []*CreditPoint                    `json:"creditReceived" edc:"0..*"`
	ProvenBy              []*LearningAssessment             `json:"provenBy" edc:"0..*"`
	InfluencedBy          []*LearningActivity               `json:"influencedBy" edc:"0..*"`
	AwardedBy             *AwardingProcess                  `json:"awardedBy" edc:"1..1"`
	EntitlesTo            []*LearningEntitlement            `json:"entitlesTo" edc:"0..*"`
	SpecifiedBy           *LearningAchievementSpecification `json:"specifiedBy" edc:"0..1"`
	HasPart               []*LearningAchievement            `json:"hasPart" edc:"0..*"`
	IsPartOf              []*LearningAchievement            `json:"isPartOf" edc:"0..*"`
}

// LearningActivity is what was done.
type LearningActivity struct {
	ID                    string                         `json:"id"`
	Title                 LangString                     `json:"title" edc:"1..*"`
	Description           LangString                     `json:"description" edc:"0..*"`
	Identifier            []*Identifier                  `json:"identifier" edc:"0..*"`
	DCType                []*Concept                     `json:"dcType" edc:"0..*"`
	AdditionalNote        []*Note                        `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource                 `json:"supplementaryDocument" edc:"0..*"`
	Temporal              []*PeriodOfTime                `json:"temporal" edc:"0..*"`
	Location              []*Location                    `json:"location" edc:"0..*"`
	LearningOpportunity   *LearningOpportunity           `json:"learningOpportunity" edc:"0..1"`
	Workload              string                         `json:"workload" edc:"0..1"`
	DirectedBy            []AnyAgent                     `json:"directedBy" edc:"0..*"`
	AwardedBy             *AwardingProcess               `json:"awardedBy" edc:"1..1"`
	Influences            []*LearningAchievement         `json:"influences" edc:"0..*"`
	SpecifiedBy           *LearningActivitySpecification `json:"specifiedBy" edc:"0..1"`
	HasPart               []*LearningActivity            `json:"hasPart" edc:"0..*"`
	IsPartOf              []*LearningActivity            `json:"isPartOf" edc:"0..*"`
	LevelOfCompletion     Number                         `json:"levelOfCompletion" edc:"0..1"`
}

// LearningAssessment is the result of an examination.
type LearningAssessment struct {
	ID                    string                           `json:"id"`
	Title                 LangString                       `json:"title" edc:"1..*"`
	Description           LangString                       `json:"description" edc:"0..*"`
	Identifier            []*Identifier                    `json:"identifier" edc:"0..*"`
	DCType                []*Concept                       `json:"dcType" edc:"0..*"`
	AdditionalNote        []*Note                          `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource                   `json:"supplementaryDocument" edc:"0..*"`
	DateIssued            string                           `json:"dateIssued" edc:"0..1"`
	Location              *Location                        `json:"location" edc:"0..1"`
	Grade                 *Note                            `json:"grade" edc:"1..1"`
	GradeStatus           *Concept                         `json:"gradeStatus" edc:"0..1"`
	ShortenedGrading      *ShortenedGrading                `json:"shortenedGrading" edc:"0..1"`
	ResultDistribution    *ResultDistribution              `json:"resultDistribution" edc:"0..1"`
	IDVerification        *Concept                         `json:"idVerification" edc:"0..1"`
	AwardedBy             *AwardingProcess                 `json:"awardedBy" edc:"1..1"`
	AssessedBy            []AnyAgent                       `json:"assessedBy" edc:"0..*"`
	Proves                *LearningAchievement             `json:"proves" edc:"0..1"`
	HasPart               []*LearningAssessment            `json:"hasPart" edc:"0..*"`
	IsPartOf              []*LearningAssessment            `json:"isPartOf" edc:"0..*"`
	SpecifiedBy           *LearningAssessmentSpecification `json:"specifiedBy" edc:"0..1"`
}

// LearningEntitlement is what the learner may do now.
type LearningEntitlement struct {
	ID                    string                            `json:"id"`
	Title                 LangString                        `json:"title" edc:"1..*"`
	Description           LangString                        `json:"description" edc:"0..*"`
	Identifier            []*Identifier                     `json:"identifier" edc:"0..*"`
	DCType                *Concept                          `json:"dcType" edc:"0..1"`
	AdditionalNote        []*Note                           `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource                    `json:"supplementaryDocument" edc:"0..*"`
	DateIssued            string                            `json:"dateIssued" edc:"0..1"`
	ExpiryDate            string                            `json:"expiryDate" edc:"0..1"`
	AwardedBy             *AwardingProcess                  `json:"awardedBy" edc:"1..1"`
	EntitledBy            []*LearningAchievement            `json:"entitledBy" edc:"0..*"`
	HasPart               []*LearningEntitlement            `json:"hasPart" edc:"0..*"`
	IsPartOf              []*LearningEntitlement            `json:"isPartOf" edc:"0..*"`
	SpecifiedBy           *LearningEntitlementSpecification `json:"specifiedBy" edc:"0..1"`
}

// Claim is a claim of no closer class.
type Claim struct {
	ID                    string           `json:"id"`
	Title                 LangString       `json:"title" edc:"1..*"`
	Description           LangString       `json:"description" edc:"0..*"`
	Identifier            []*Identifier    `json:"identifier" edc:"0..*"`
	DCType                []*Concept       `json:"dcType" edc:"0..*,list=claim-type"`
	AdditionalNote        []*Note          `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource   `json:"supplementaryDocument" edc:"0..*"`
	AwardedBy             *AwardingProcess `json:"awardedBy" edc:"1..1"`
}

// LearningAchievementSpecification describes an achievement; as Qualification (Class) it has the last six fields, too.
type LearningAchievementSpecification struct {
	ID                     string                              `json:"id"`
	Class                  string                              `json:"type"` // LearningAchievementSpecification or Qualification
	Identifier             []*Identifier                       `json:"identifier" edc:"0..*"`
	Title                  LangString                          `json:"title" edc:"1..*"`
	Description            LangString                          `json:"description" edc:"0..*"`
	AdditionalNote         []*Note                             `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument  []*WebResource                      `json:"supplementaryDocument" edc:"0..*"`
	Homepage               []*WebResource                      `json:"homepage" edc:"0..*"`
	AltLabel               LangString                          `json:"altLabel" edc:"0..*"`
	Category               LangString                          `json:"category" edc:"0..*"`
	DCType                 []*Concept                          `json:"dcType" edc:"0..*"`
	DateModified           string                              `json:"dateModified" edc:"0..1"`
	Language               []*Concept                          `json:"language" edc:"0..*,list=language"`
	VolumeOfLearning       string                              `json:"volumeOfLearning" edc:"0..1"`
	Mode                   []*Concept                          `json:"mode" edc:"0..*"`
	LearningOutcomeSummary *Note                               `json:"learningOutcomeSummary" edc:"0..1"`
	ThematicArea           []*Concept                          `json:"thematicArea" edc:"0..*,list=isced-f"`
	EducationSubject       []*Concept                          `json:"educationSubject" edc:"0..*"`
	CreditPoint            []*CreditPoint                      `json:"creditPoint" edc:"0..*"`
	EducationLevel         []*Concept                          `json:"educationLevel" edc:"0..*"`
	LearningSetting        *Concept                            `json:"learningSetting" edc:"0..1,list=learning-setting"`
	MaximumDuration        string                              `json:"maximumDuration" edc:"0..1"`
	TargetGroup            []*Concept                          `json:"targetGroup" edc:"0..*"`
	EntryRequirement       *Note                               `json:"entryRequirement" edc:"0..1"`
	LearningOutcome        []*LearningOutcome                  `json:"learningOutcome" edc:"0..*"`
	InfluencedBy           []*LearningActivitySpecification    `json:"influencedBy" edc:"0..*"`
	ProvenBy               []*LearningAssessmentSpecification  `json:"provenBy" edc:"0..*"`
	EntitlesTo             []*LearningEntitlementSpecification `json:"entitlesTo" edc:"0..*"`
	AwardingOpportunity    []*AwardingOpportunity              `json:"awardingOpportunity" edc:"0..*"`
	HasPart                []*LearningAchievementSpecification `json:"hasPart" edc:"0..*"`
	IsPartOf               []*LearningAchievementSpecification `json:"isPartOf" edc:"0..*"`
	SpecialisationOf       []*LearningAchievementSpecification `json:"specialisationOf" edc:"0..*"`
	GeneralisationOf       []*LearningAchievementSpecification `json:"generalisationOf" edc:"0..*"`
	Status                 string                              `json:"status" edc:"0..1"`
	IsPartialQualification Boolean                             `json:"isPartialQualification" edc:"0..1"`
	EQFLevel               *Concept                            `json:"eqfLevel" edc:"0..1,list=eqf"`
	NQFLevel               []*Concept                          `json:"nqfLevel" edc:"0..*,list=nqf"`
	Accreditation          []*Accreditation                    `json:"accreditation" edc:"0..*"`
	QualificationCode      []*Concept                          `json:"qualificationCode" edc:"0..*"`
}

// LearningActivitySpecification describes an activity.
type LearningActivitySpecification struct {
	ID                    string                              `json:"id"`
	Identifier            []*Identifier                       `json:"identifier" edc:"0..*"`
	Title                 LangString                          `json:"title" edc:"1..*"`
	Description           LangString                          `json:"description" edc:"0..*"`
	AdditionalNote        []*Note                             `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource                      `json:"supplementaryDocument" edc:"0..*"`
	Homepage              []*WebResource                      `json:"homepage" edc:"0..*"`
	AltLabel              LangString                          `json:"altLabel" edc:"0..*"`
	Category              LangString                          `json:"category" edc:"0..*"`
	DateModified          string                              `json:"dateModified" edc:"0..1"`
	DCType                []*Concept                          `json:"dcType" edc:"0..*"`
	Language              []*Concept                          `json:"language" edc:"0..*,list=language"`
	VolumeOfLearning      string                              `json:"volumeOfLearning" edc:"0..1"`
	ContactHour           []string                            `json:"contactHour" edc:"0..*"`
	Mode                  []*Concept                          `json:"mode" edc:"0..*"`
	Influences            []*LearningAchievementSpecification `json:"influences" edc:"0..*"`
	HasPart               []*LearningActivitySpecification    `json:"hasPart" edc:"0..*"`
	IsPartOf              []*LearningActivitySpecification    `json:"isPartOf" edc:"0..*"`
	SpecialisationOf      []*LearningActivitySpecification    `json:"specialisationOf" edc:"0..*"`
	GeneralisationOf      []*LearningActivitySpecification    `json:"generalisationOf" edc:"0..*"`
	Status                string                              `json:"status" edc:"0..1"`
}

// LearningAssessmentSpecification describes an assessment.
type LearningAssessmentSpecification struct {
	ID                    string                              `json:"id"`
	Identifier            []*Identifier                       `json:"identifier" edc:"0..*"`
	Title                 LangString                          `json:"title" edc:"1..*"`
	Description           LangString                          `json:"description" edc:"0..*"`
	AdditionalNote        []*Note                             `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource                      `json:"supplementaryDocument" edc:"0..*"`
	Homepage              []*WebResource                      `json:"homepage" edc:"0..*"`
	AltLabel              LangString                          `json:"altLabel" edc:"0..*"`
	Category              LangString                          `json:"category" edc:"0..*"`
	DateModified          string                              `json:"dateModified" edc:"0..1"`
	DCType                *Concept                            `json:"dcType" edc:"0..1"`
	Language              []*Concept                          `json:"language" edc:"0..*,list=language"`
	Mode                  []*Concept                          `json:"mode" edc:"0..*"`
	GradingScheme         *GradingScheme                      `json:"gradingScheme" edc:"0..1"`
	Proves                []*LearningAchievementSpecification `json:"proves" edc:"0..*"`
	HasPart               []*LearningAssessmentSpecification  `json:"hasPart" edc:"0..*"`
	IsPartOf              []*LearningAssessmentSpecification  `json:"isPartOf" edc:"0..*"`
	SpecialisationOf      []*LearningAssessmentSpecification  `json:"specialisationOf" edc:"0..*"`
	GeneralisationOf      []*LearningAssessmentSpecification  `json:"generalisationOf" edc:"0..*"`
	Status                string                              `json:"status" edc:"0..1"`
}

// LearningEntitlementSpecification describes an entitlement.
type LearningEntitlementSpecification struct {
	ID                      string                              `json:"id"`
	Identifier              []*Identifier                       `json:"identifier" edc:"0..*"`
	Title                   LangString                          `json:"title" edc:"1..*"`
	Description             LangString                          `json:"description" edc:"0..*"`
	AdditionalNote          []*Note                             `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument   []*WebResource                      `json:"supplementaryDocument" edc:"0..*"`
	Homepage                []*WebResource                      `json:"homepage" edc:"0..*"`
	AltLabel                LangString                          `json:"altLabel" edc:"0..*"`
	Category                LangString                          `json:"category" edc:"0..*"`
	DateModified            string                              `json:"dateModified" edc:"0..1"`
	DCType                  *Concept                            `json:"dcType" edc:"1..1"`
	EntitlementStatus       *Concept                            `json:"entitlementStatus" edc:"1..1,list=entitlement-status"`
	LimitOrganisation       []*Organisation                     `json:"limitOrganisation" edc:"0..*"`
	LimitJurisdiction       []*Concept                          `json:"limitJurisdiction" edc:"0..*,list=atu"`
	LimitOccupation         []*Concept                          `json:"limitOccupation" edc:"0..*,list=esco-occupations"`
	LimitNationalOccupation []*Concept                          `json:"limitNationalOccupation" edc:"0..*"`
	EntitledBy              []*LearningAchievementSpecification `json:"entitledBy" edc:"0..*"`
	HasPart                 []*LearningEntitlementSpecification `json:"hasPart" edc:"0..*"`
	IsPartOf                []*LearningEntitlementSpecification `json:"isPartOf" edc:"0..*"`
	SpecialisationOf        []*LearningEntitlementSpecification `json:"specialisationOf" edc:"0..*"`
	GeneralisationOf        []*LearningEntitlementSpecification `json:"generalisationOf" edc:"0..*"`
	Status                  string                              `json:"status" edc:"0..1"`
}

// Specification is a specification of no closer class.
type Specification struct {
	ID                    string         `json:"id"`
	Identifier            []*Identifier  `json:"identifier" edc:"0..*"`
	Title                 LangString     `json:"title" edc:"1..*"`
	Description           LangString     `json:"description" edc:"0..*"`
	AdditionalNote        []*Note        `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource `json:"supplementaryDocument" edc:"0..*"`
	Homepage              []*WebResource `json:"homepage" edc:"0..*"`
	AltLabel              LangString     `json:"altLabel" edc:"0..*"`
	Category              LangString     `json:"category" edc:"0..*"`
	DCType                []*Concept     `json:"dcType" edc:"0..*"`
	DateModified          string         `json:"dateModified" edc:"0..1"`
	Status                string         `json:"status" edc:"0..1"`
}

// LearningOpportunity is the offer that was taken.
type LearningOpportunity struct {
	ID                               string                            `json:"id"`
	Identifier                       []*Identifier                     `json:"identifier" edc:"0..*"`
	Title                            LangString                        `json:"title" edc:"1..*"`
	Description                      LangString                        `json:"description" edc:"0..*"`
	DCType                           []*Concept                        `json:"dcType" edc:"0..*"`
	AdditionalNote                   []*Note                           `json:"additionalNote" edc:"0..*"`
	Homepage                         []*WebResource                    `json:"homepage" edc:"0..*"`
	SupplementaryDocument            []*WebResource                    `json:"supplementaryDocument" edc:"0..*"`
	Temporal                         *PeriodOfTime                     `json:"temporal" edc:"0..1"`
	Duration                         string                            `json:"duration" edc:"0..1"`
	Mode                             []*Concept                        `json:"mode" edc:"0..*"`
	LearningSchedule                 *Concept                          `json:"learningSchedule" edc:"0..1"`
	ScheduleInformation              *Note                             `json:"scheduleInformation" edc:"0..1"`
	AdmissionProcedure               *Note                             `json:"admissionProcedure" edc:"0..1"`
	PriceDetail                      []*PriceDetail                    `json:"priceDetail" edc:"0..*"`
	ProvidedBy                       []*Organisation                   `json:"providedBy" edc:"1..*"`
	Grant                            []*Grant                          `json:"grant" edc:"0..*"`
	Location                         []*Location                       `json:"location" edc:"0..*"`
	LearningAchievementSpecification *LearningAchievementSpecification `json:"learningAchievementSpecification" edc:"0..1"`
	LearningActivitySpecification    *LearningActivitySpecification    `json:"learningActivitySpecification" edc:"0..1"`
	HasPart                          []*LearningOpportunity            `json:"hasPart" edc:"0..*"`
	IsPartOf                         []*LearningOpportunity            `json:"isPartOf" edc:"0..*"`
	BannerImage                      *MediaObject                      `json:"bannerImage" edc:"0..1"`
	ApplicationDeadline              []string                          `json:"applicationDeadline" edc:"0..*"`
	// elm:defaultLanguage (0..1) has no member in the context.
	DescriptionHTML []string `json:"descriptionHtml" edc:"0..*"`
	DateModified    string   `json:"dateModified" edc:"0..1"`
	Status          string   `json:"status" edc:"0..1"`
}

// LearningOutcome is what a learner knows or can do.
type LearningOutcome struct {
	ID               string        `json:"id"`
	Identifier       []*Identifier `json:"identifier" edc:"0..*"`
	Title            LangString    `json:"title" edc:"1..*"`
	DCType           *Concept      `json:"dcType" edc:"0..1,list=skill-type"`
	AdditionalNote   []*Note       `json:"additionalNote" edc:"0..*"`
	ReusabilityLevel *Concept      `json:"reusabilityLevel" edc:"0..1,list=skill-reuse-level"`
	RelatedSkill     []*Concept    `json:"relatedSkill" edc:"0..*"`
	RelatedESCOSkill []*Concept    `json:"relatedESCOSkill" edc:"0..*,list=esco-skills"`
}

// AwardingProcess says who awarded a claim, and when.
type AwardingProcess struct {
	ID                    string                `json:"id"`
	Identifier            []*Identifier         `json:"identifier" edc:"0..*"`
	Description           LangString            `json:"description" edc:"0..*"`
	Location              *Location             `json:"location" edc:"0..1"`
	AdditionalNote        []*Note               `json:"additionalNote" edc:"0..*"`
	Used                  []*LearningAssessment `json:"used" edc:"0..*"`
	Awards                []AnyClaim            `json:"awards" edc:"0..*"`
	AwardingBody          []AnyAgent            `json:"awardingBody" edc:"1..*"`
	AwardingDate          string                `json:"awardingDate" edc:"0..1"`
	EducationalSystemNote *Concept              `json:"educationalSystemNote" edc:"0..1"`
}

// AwardingOpportunity is an occasion of award.
type AwardingOpportunity struct {
	ID                               string                            `json:"id"`
	Identifier                       []*Identifier                     `json:"identifier" edc:"0..*"`
	Location                         *Location                         `json:"location" edc:"0..1"`
	Temporal                         *PeriodOfTime                     `json:"temporal" edc:"0..1"`
	AwardingBody                     []AnyAgent                        `json:"awardingBody" edc:"1..*"`
	LearningAchievementSpecification *LearningAchievementSpecification `json:"learningAchievementSpecification" edc:"0..1"`
}

// CreditPoint is an amount of credits.
type CreditPoint struct {
	ID        string   `json:"id"`
	Framework *Concept `json:"framework" edc:"1..1"`
	Point     string   `json:"point" edc:"1..1"`
}

// GradingScheme explains grades.
type GradingScheme struct {
	ID                    string         `json:"id"`
	Identifier            []*Identifier  `json:"identifier" edc:"0..*"`
	Title                 LangString     `json:"title" edc:"1..*"`
	Description           LangString     `json:"description" edc:"0..*"`
	SupplementaryDocument []*WebResource `json:"supplementaryDocument" edc:"0..*"`
}

// ResultDistribution counts the results of a group.
type ResultDistribution struct {
	ID             string            `json:"id"`
	Description    LangString        `json:"description" edc:"0..*"`
	ResultCategory []*ResultCategory `json:"resultCategory" edc:"0..*"`
}

// ResultCategory is one result and its count.
type ResultCategory struct {
	ID           string `json:"id"`
	Label        string `json:"label" edc:"1..1"`
	Score        string `json:"score" edc:"0..1"`
	MaximumScore string `json:"maximumScore" edc:"0..1"`
	MinimumScore string `json:"minimumScore" edc:"0..1"`
	Count        Number `json:"count" edc:"1..1"`
}

// ShortenedGrading places a result, in percent.
type ShortenedGrading struct {
	ID               string `json:"id"`
	PercentageLower  Number `json:"percentageLower" edc:"1..1"`
	PercentageEqual  Number `json:"percentageEqual" edc:"1..1"`
	PercentageHigher Number `json:"percentageHigher" edc:"1..1"`
}

// Note is a text with a subject.
type Note struct {
	ID          string     `json:"id"`
	NoteLiteral LangString `json:"noteLiteral" edc:"1..*"`
	Subject     *Concept   `json:"subject" edc:"0..1"`
	NoteFormat  *Concept   `json:"noteFormat" edc:"0..1"`
}

// MediaObject is a file inside the credential.
type MediaObject struct {
	ID              string     `json:"id"`
	Title           LangString `json:"title" edc:"0..*"`
	Description     LangString `json:"description" edc:"0..*"`
	ContentType     *Concept   `json:"contentType" edc:"1..1"`
	AttachmentType  *Concept   `json:"attachmentType" edc:"0..1"`
	ContentEncoding *Concept   `json:"contentEncoding" edc:"1..1"`
	ContentSize     Number     `json:"contentSize" edc:"0..1"`
	Content         string     `json:"content" edc:"1..1"`
	ContentURL      string     `json:"contentURL" edc:"0..1"`
}

// WebResource is a file or page elsewhere.
type WebResource struct {
	ID         string     `json:"id"`
	Title      LangString `json:"title" edc:"0..*"`
	Language   *Concept   `json:"language" edc:"0..1,list=language"`
	ContentURL string     `json:"contentURL" edc:"1..1"`
}

// Identifier is an identifier; as LegalIdentifier (Class) it has a country.
type Identifier struct {
	ID            string     `json:"id"`
	Class         string     `json:"type"` // Identifier or LegalIdentifier
	Notation      string     `json:"notation" edc:"1..1"`
	SchemeAgency  LangString `json:"schemeAgency" edc:"0..1"`
	Creator       *Reference `json:"creator" edc:"0..1"`
	DateIssued    string     `json:"dateIssued" edc:"0..1"`
	DCType        []*Concept `json:"dcType" edc:"0..*"`
	SchemeName    string     `json:"schemeName" edc:"0..1"`
	SchemeVersion string     `json:"schemeVersion" edc:"0..1"`
	SchemeID      string     `json:"schemeId" edc:"0..1"`
	Spatial       *Concept   `json:"spatial" edc:"0..1,list=country"`
}

// Concept is a member of a code list, or a thing named by a label.
type Concept struct {
	ID         string           `json:"id"`
	PrefLabel  LangString       `json:"prefLabel" edc:"0..*"`
	Notation   string           `json:"notation" edc:"0..1"`
	InScheme   []*ConceptScheme `json:"inScheme" edc:"0..*"`
	Definition LangString       `json:"definition" edc:"0..*"`
}

// ConceptScheme is a code list.
type ConceptScheme struct {
	ID string `json:"id"`
}

// Location is a place.
type Location struct {
	ID             string        `json:"id"`
	Identifier     []*Identifier `json:"identifier" edc:"0..*"`
	Description    LangString    `json:"description" edc:"0..*"`
	Address        []*Address    `json:"address" edc:"1..*"`
	GeographicName LangString    `json:"geographicName" edc:"0..*"`
	SpatialCode    []*Concept    `json:"spatialCode" edc:"0..*"`
	// locn:geometry (0..*) has no member in the context.
}

// Address is a postal address.
type Address struct {
	ID          string        `json:"id"`
	Identifier  []*Identifier `json:"identifier" edc:"0..*"`
	FullAddress *Note         `json:"fullAddress" edc:"0..1"`
	CountryCode *Concept      `json:"countryCode" edc:"1..1,list=country"`
}

// Geometry is a point; the context has no members for it.
type Geometry struct {
	ID string `json:"id"`
	// clv:longitude (0..*) has no member in the context.
	// clv:latitude (0..*) has no member in the context.
}

// ContactPoint says how to reach somebody.
type ContactPoint struct {
	ID             string         `json:"id"`
	AdditionalNote []*Note        `json:"additionalNote" edc:"0..*"`
	Description    LangString     `json:"description" edc:"0..*"`
	Address        []*Address     `json:"address" edc:"0..*"`
	Phone          []*Phone       `json:"phone" edc:"0..*"`
	EmailAddress   []*Mailbox     `json:"emailAddress" edc:"0..*"`
	ContactForm    []*WebResource `json:"contactForm" edc:"0..*"`
}

// Phone is a telephone number.
type Phone struct {
	ID             string `json:"id"`
	PhoneNumber    string `json:"phoneNumber" edc:"0..1"`
	CountryDialing string `json:"countryDialing" edc:"0..1"`
	// elm:areaDialing (0..1) has no member in the context.
	DialNumber string `json:"dialNumber" edc:"0..1"`
}

// Mailbox is an e-mail address: its ID is a mailto: address.
type Mailbox struct {
	ID string `json:"id"`
}

// PeriodOfTime is a period.
type PeriodOfTime struct {
	ID        string     `json:"id"`
	PrefLabel LangString `json:"prefLabel" edc:"0..*"`
	StartDate string     `json:"startDate" edc:"0..1"`
	EndDate   string     `json:"endDate" edc:"0..1"`
}

// Accreditation is an accreditation.
type Accreditation struct {
	ID                    string                            `json:"id"`
	Identifier            []*Identifier                     `json:"identifier" edc:"0..*"`
	DCType                *Concept                          `json:"dcType" edc:"1..1,list=accreditation"`
	Title                 LangString                        `json:"title" edc:"1..*"`
	Description           LangString                        `json:"description" edc:"0..*"`
	Homepage              []*WebResource                    `json:"homepage" edc:"0..*"`
	DateIssued            string                            `json:"dateIssued" edc:"0..1"`
	AdditionalNote        []*Note                           `json:"additionalNote" edc:"0..*"`
	SupplementaryDocument []*WebResource                    `json:"supplementaryDocument" edc:"0..*"`
	Decision              *Concept                          `json:"decision" edc:"0..1"`
	Report                *WebResource                      `json:"report" edc:"0..1"`
	Organisation          []*Organisation                   `json:"organisation" edc:"0..*"`
	LimitQualification    *LearningAchievementSpecification `json:"limitQualification" edc:"0..1"`
	LimitField            []*Concept                        `json:"limitField" edc:"0..*,list=isced-f"`
	LimitEQFLevel         []*Concept                        `json:"limitEQFLevel" edc:"0..*,list=eqf"`
	LimitJurisdiction     []*Concept                        `json:"limitJurisdiction" edc:"0..*,list=atu"`
	LimitCredentialType   []*Concept                        `json:"limitCredentialType" edc:"0..*"`
	AccreditingAgent      *Organisation                     `json:"accreditingAgent" edc:"1..1"`
	ReviewDate            string                            `json:"reviewDate" edc:"0..1"`
	ExpiryDate            string                            `json:"expiryDate" edc:"0..1"`
	LandingPage           []*WebResource                    `json:"landingPage" edc:"0..*"`
	Status                string                            `json:"status" edc:"0..1"`
	DateModified          string                            `json:"dateModified" edc:"0..1"`
	Valid                 string                            `json:"valid" edc:"0..1"`
}

// Grant is a grant.
type Grant struct {
	ID                    string         `json:"id"`
	Title                 LangString     `json:"title" edc:"1..*"`
	Description           LangString     `json:"description" edc:"0..*"`
	SupplementaryDocument []*WebResource `json:"supplementaryDocument" edc:"0..*"`
	DCType                *Concept       `json:"dcType" edc:"0..1"`
	ContentURL            string         `json:"contentURL" edc:"0..1"`
}

// PriceDetail is a price.
type PriceDetail struct {
	ID             string        `json:"id"`
	Identifier     []*Identifier `json:"identifier" edc:"0..*"`
	PrefLabel      LangString    `json:"prefLabel" edc:"0..*"`
	Description    LangString    `json:"description" edc:"0..*"`
	AdditionalNote []*Note       `json:"additionalNote" edc:"0..*"`
	Amount         *Amount       `json:"amount" edc:"0..1"`
}

// Amount is an amount of money.
type Amount struct {
	ID    string   `json:"id"`
	Unit  *Concept `json:"unit" edc:"1..1,list=currency"`
	Value string   `json:"value" edc:"1..1"`
}
