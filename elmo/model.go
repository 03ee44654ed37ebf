package elmo

// The model follows the XSD of ELMO 1.7 and 2.0, in its words and in its order.
//
// Each field carries the tag
//
//	elmo:"NAME[,OPTION...]"
//
// NAME is the element name, "@NAME" an attribute, "." the text of the element itself.
// Without option a text is an xs:token or another collapsing type; options:
//
//	string     the white space of the text is kept (xs:string)
//	required   the schema demands the element, or one of it: written even when it is empty
//	since=V    the first version that has the element; older ones must not show it
//	until=V    the last version that has it
//	many=V     the first version that allows more than one of a list
//	2.0=NAME   the name of the element from version 2.0 on
//	mixed      any content, kept as XML (Raw)
//
// Absent and empty are the same: the empty string. The reader says so where it
// mattered (Observation). Everything the schema does not know is in Extra.

// Document is the root element elmo: all results of one learner.
type Document struct {
	GeneratedDate string        `elmo:"generatedDate,required"` // xs:dateTime
	Learner       *Learner      `elmo:"learner,required"`
	Reports       []*Report     `elmo:"report"`
	Attachments   []*Attachment `elmo:"attachment"`
	Groups        *Groups       `elmo:"groups,since=1.3"`
	Extension     *Extension    `elmo:"extension"`
	Signature     Raw           `elmo:"ds:Signature"`
	Extra         *Extra

	// Source tells where the document was read from; nil for one made in memory.
	Source *Source
}

// Learner is the person whose results these are (elmo/learner).
type Learner struct {
	Citizenship     string       `elmo:"citizenship"` // ISO 3166-1 alpha-2
	Identifiers     []Identifier `elmo:"identifier"`
	GivenNames      string       `elmo:"givenNames,required"`
	FamilyName      string       `elmo:"familyName,required"`
	AlternativeName *Text        `elmo:"alternativeName,string,required,since=2.0"`
	DateOfBirth     string       `elmo:"bday,2.0=dateOfBirth"` // xs:date
	PlaceOfBirth    string       `elmo:"placeOfBirth,since=1.5"`
	BirthName       string       `elmo:"birthName,since=1.5"`
	CurrentAddress  *Address     `elmo:"currentAddress,since=1.5"`
	Gender          string       `elmo:"gender,since=1.5"` // ISO 5218: 0 unknown, 1 male, 2 female, 9 not applicable
	Extra           *Extra
}

// Address is the FlexibleAddress of Erasmus Without Paper; its children are in NSAddress.
// Either AddressLines or the fields from BuildingNumber to DeliveryPointCodes are used.
type Address struct {
	RecipientNames     []string `elmo:"a:recipientName,string"`
	AddressLines       []string `elmo:"a:addressLine,string"` // at most four
	BuildingNumber     string   `elmo:"a:buildingNumber,string"`
	BuildingName       string   `elmo:"a:buildingName,string"`
	StreetName         string   `elmo:"a:streetName,string"`
	Unit               string   `elmo:"a:unit,string"`
	Floor              string   `elmo:"a:floor,string"`
	PostOfficeBox      string   `elmo:"a:postOfficeBox,string"`
	DeliveryPointCodes []string `elmo:"a:deliveryPointCode,string"`
	PostalCode         string   `elmo:"a:postalCode,string"`
	Locality           string   `elmo:"a:locality,string"`
	Region             string   `elmo:"a:region,string"`
	Country            string   `elmo:"a:country"` // ISO 3166-1 alpha-2
	Extra              *Extra
}

// Identifier is a typed identifier of a learner, an issuer, a specification, an instance or an attachment.
type Identifier struct {
	Type  string `elmo:"@type,required"`
	Value string `elmo:"."`
	Extra *Extra
}

// Text is a text with an optional language tag, as written.
type Text struct {
	Lang  string `elmo:"@xml:lang"`
	Value string `elmo:"."`
	Extra *Extra
}

// Report holds the results that come from one issuer.
type Report struct {
	Issuer                            *Issuer                             `elmo:"issuer,required"`
	LearningOpportunitySpecifications []*LearningOpportunitySpecification `elmo:"learningOpportunitySpecification"`
	ResultsOfRecognition              []*ResultOfRecognition              `elmo:"resultOfRecognition,since=2.0"`
	IssueDate                         string                              `elmo:"issueDate,required"` // xs:dateTime
	GradingSchemes                    []*GradingScheme                    `elmo:"gradingScheme,since=1.2"`
	Attachments                       []*Attachment                       `elmo:"attachment"`
	Extra                             *Extra
}

// Issuer is the institution that a report comes from.
type Issuer struct {
	Country     string       `elmo:"country"` // ISO 3166-1 alpha-2
	Identifiers []Identifier `elmo:"identifier"`
	Titles      []Text       `elmo:"title,required"`
	URL         string       `elmo:"url,required"`
	Extra       *Extra
}

// LearningOpportunitySpecification (LOS) describes a programme, module, course or class.
type LearningOpportunitySpecification struct {
	Identifiers  []Identifier `elmo:"identifier"`
	Titles       []Text       `elmo:"title,required"`
	Type         string       `elmo:"type"` // Degree Programme, Module, Course, Class
	SubjectArea  string       `elmo:"subjectArea"`
	ISCEDCode    string       `elmo:"iscedCode"`
	URL          string       `elmo:"url"`
	Descriptions []Text       `elmo:"description,string,many=1.1"`
	HTML         []Text       `elmo:"descriptionHtml,string,since=1.2"`
	Specifies    *Specifies   `elmo:"specifies,required"`
	HasParts     []*HasPart   `elmo:"hasPart"`
	Extension    *Extension   `elmo:"extension"`
	Extra        *Extra
}

// Specifies leads from a specification to its instance.
type Specifies struct {
	Instance  *LearningOpportunityInstance `elmo:"learningOpportunityInstance,required"`
	Extension *Extension                   `elmo:"extension"`
	Extra     *Extra
}

// HasPart holds one part of a specification.
type HasPart struct {
	Specification *LearningOpportunitySpecification `elmo:"learningOpportunitySpecification,required"`
	Extra         *Extra
}

// LearningOpportunityInstance (LOI) is what the learner took and achieved.
type LearningOpportunityInstance struct {
	Identifiers             []Identifier        `elmo:"identifier,since=1.2"`
	Start                   string              `elmo:"start"` // xs:date
	Date                    string              `elmo:"date"`  // xs:date
	AcademicTerm            *AcademicTerm       `elmo:"academicTerm"`
	Status                  string              `elmo:"status,since=1.2"` // passed, failed, in-progress
	GradingSchemeLocalID    string              `elmo:"gradingSchemeLocalId,since=1.2"`
	GradingSchemeExternalID string              `elmo:"gradingSchemeExternalId,since=2.0"`
	ResultLabel             string              `elmo:"resultLabel"`
	ShortenedGrading        *ShortenedGrading   `elmo:"shortenedGrading"`
	ResultDistribution      *ResultDistribution `elmo:"resultDistribution"`
	Credits                 []*Credit           `elmo:"credit"`
	Levels                  []*Level            `elmo:"level,since=1.2"`
	LanguageOfInstruction   string              `elmo:"languageOfInstruction"`
	EngagementHours         string              `elmo:"engagementHours"` // hours, xs:decimal
	Attachments             *AttachmentRefs     `elmo:"attachments,since=1.3"`
	Grouping                *Grouping           `elmo:"grouping,string,since=1.3"`
	Extension               *Extension          `elmo:"extension"`
	DiplomaSupplement       *DiplomaSupplement  `elmo:"diplomaSupplement,since=1.4"`
	Extra                   *Extra
}

// AcademicTerm is the term in which the opportunity was taken.
type AcademicTerm struct {
	Titles []Text `elmo:"title,required"`
	Start  string `elmo:"start,required"` // xs:date
	End    string `elmo:"end,required"`   // xs:date
	Extra  *Extra
}

// ShortenedGrading places the result: percent of learners with a lower, an equal and a higher result.
type ShortenedGrading struct {
	PercentageLower  string `elmo:"percentageLower,required"`
	PercentageEqual  string `elmo:"percentageEqual,required"`
	PercentageHigher string `elmo:"percentageHigher,required"`
	Extra            *Extra
}

// ResultDistribution counts the results of a group of learners.
type ResultDistribution struct {
	Categories   []*Category `elmo:"category"`
	Descriptions []Text      `elmo:"description,string,since=1.2"`
	Extra        *Extra
}

// Category is one result and how often it was given.
type Category struct {
	Label string `elmo:"@label,required"`
	Count string `elmo:"@count,required"` // xs:nonNegativeInteger
	Extra *Extra
}

// Credit is an amount of credits in a scheme.
type Credit struct {
	Scheme string `elmo:"scheme,required"`
	Level  string `elmo:"level,until=1.7"` // Bachelor, Master, PhD
	Value  string `elmo:"value"`           // xs:decimal
	Extra  *Extra
}

// Level is a level in a qualifications framework.
type Level struct {
	Type        string `elmo:"type,required"`
	Description *Text  `elmo:"description,string"`
	Value       string `elmo:"value"`
	Extra       *Extra
}

// AttachmentRefs names attachments by their identifiers.
type AttachmentRefs struct {
	Refs  []string `elmo:"ref,string"`
	Extra *Extra
}

// Grouping puts the instance into a group of groups/groupType.
type Grouping struct {
	TypeRef string `elmo:"@typeref,string"`
	IDRef   string `elmo:"@idref,string"`
	Value   string `elmo:"."`
	Extra   *Extra
}

// GradingScheme explains the result labels that refer to it.
type GradingScheme struct {
	LocalID      string `elmo:"@localId,required"`
	Descriptions []Text `elmo:"description,string"`
	Extra        *Extra
}

// Attachment is a file in one or more languages; Contents are data: URIs.
type Attachment struct {
	Identifiers  []Identifier `elmo:"identifier,since=1.3"`
	Titles       []Text       `elmo:"title"`
	Type         string       `elmo:"type"`
	Descriptions []Text       `elmo:"description,string,many=1.2"`
	Contents     []Text       `elmo:"content,many=1.2"`
	Extension    *Extension   `elmo:"extension"`
	Extra        *Extra
}

// Groups declares the groups that instances may belong to.
type Groups struct {
	GroupTypes []*GroupType `elmo:"groupType"`
	Extra      *Extra
}

// GroupType is a way of grouping.
type GroupType struct {
	ID     string   `elmo:"@id,string"`
	Titles []Text   `elmo:"title,many=1.7,required"`
	Groups []*Group `elmo:"group"`
	Extra  *Extra
}

// Group is one group.
type Group struct {
	ID         string `elmo:"@id,string"`
	SortingKey string `elmo:"@sortingKey,string"`
	Titles     []Text `elmo:"title,many=1.7,required"`
	Extra      *Extra
}

// DiplomaSupplement is the supplement as titled, numbered sections of text.
type DiplomaSupplement struct {
	Lang         string     `elmo:"@xml:lang"`
	Version      string     `elmo:"version,required"`
	IssueDate    string     `elmo:"issueDate,required"` // xs:date
	Introduction Raw        `elmo:"introduction,mixed,required"`
	Sections     []*Section `elmo:"section"`
	Signature    Raw        `elmo:"ds:Signature"`
	Extra        *Extra
}

// Section is a section of a diploma supplement.
type Section struct {
	Number                string          `elmo:"@number,required"`
	Title                 string          `elmo:"title,required"`
	Content               *SectionContent `elmo:"content"`
	AdditionalInformation []string        `elmo:"additionalInformation,string"`
	Attachments           []*Attachment   `elmo:"attachment"`
	Sections              []*Section      `elmo:"section"`
	Extra                 *Extra
}

// SectionContent is the text of a section; Type is a media type, text/plain when empty.
type SectionContent struct {
	Type  string `elmo:"@type"`
	Value string `elmo:"."`
	Extra *Extra
}

// ResultOfRecognition is a decision on foreign results (2.0).
type ResultOfRecognition struct {
	Titles       []Text                `elmo:"title"`
	Descriptions []Text                `elmo:"description,string"`
	SubjectArea  string                `elmo:"subjectArea"`
	ISCEDCode    string                `elmo:"iscedCode"`
	Status       string                `elmo:"status,required"` // Positive, Negative, Partially Positive
	DecisionDate string                `elmo:"decisionDate"`    // xs:date
	Bases        []*RecognitionBasis   `elmo:"recognitionBasis"`
	Results      []*HasPart            `elmo:"recognitionResult"`
	Mappings     []*RecognitionMapping `elmo:"recognitionMapping"`
	Attachments  *AttachmentRefs       `elmo:"attachments"`
	Extra        *Extra
}

// RecognitionBasis holds the foreign report that was decided on.
type RecognitionBasis struct {
	Report *Report `elmo:"recognitionReport,required"`
	Extra  *Extra
}

// RecognitionMapping holds one mapping.
type RecognitionMapping struct {
	Mapping *Mapping `elmo:"mapping,required"`
	Extra   *Extra
}

// Mapping tells which foreign instances were recognised as which.
type Mapping struct {
	From  []*AttachmentRefs `elmo:"fromMapping"`
	To    []*AttachmentRefs `elmo:"toMapping"`
	Extra *Extra
}

// Extension is a container for elements of other namespaces.
type Extension struct {
	Attrs    []Attr
	Children []Raw // elements, comments and stray text, in order
}

// Extra is what a document holds beyond the schema at one element.
type Extra struct {
	Attrs []Attr
	// Others are unknown child elements, and known ones that came more often than the schema allows.
	Others []Other
	// Wholes are known children without a place for extras of their own (plain texts such as type
	// or date) that carry unknown attributes or children: NAME -> the whole element. The field of the
	// model holds the text; the writer writes the element.
	Wholes []Other
}

// Other is a child element with its position among all child elements of its parent, from 1.
type Other struct {
	Position int
	Name     string // local name
	Element  Raw
}

// Attr is an attribute that the schema does not know.
type Attr struct {
	Space, Prefix, Name, Value string
}

// Raw is an XML element (or comment, or text) in a form of its own: the declarations of the element
// itself and of its ancestors that it uses, by name or in a value, are in Scope and not in XML.
// Two Raws are equal when XML and Scope are.
type Raw struct {
	XML   string
	Scope string // ` xmlns="..." xmlns:p="..."`, sorted, ready to be put into the start tag
}

// IsZero tells whether there is nothing.
func (r Raw) IsZero() bool { return r.XML == "" }
