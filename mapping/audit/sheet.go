package audit

// sheetTable is our answer to the Commission's sheet, a line for each of its rows:
//
//	NUMBER OPINION LEAF [| why]
//
// LEAF is the path in ELMO that the row is about, "-" where ELMO has no such thing.
const sheetTable = `
2 not-mapped elmo | The document as such: one credential for each report.
3 not-mapped generatedDate | It differs from the date of issue, so leaving it out loses it.
4 agree learner
5 agree report
6 faulty attachment | A class is named where a property is needed: attachment of the credential.
7 faulty groups | elm:Group is a group of people or organisations, ELMO groups are headings for results.
8 not-mapped extension
9 not-mapped ds:Signature
10 agree learner
11 differ learner/identifier | A national identifier goes to nationalID, which has a place for its country; the others go where the sheet says.
12 agree learner/citizenship | The concept's identifier carries the country; its notation is not relied upon.
13 agree learner/givenNames
14 agree learner/familyName
15 faulty learner/bday | The property is dateOfBirth; the name given does not exist.
16 faulty learner/placeOfBirth | Misspelt names and a missing slash; and the address needs a country that the text of ELMO need not have.
17 agree learner/birthName
18 faulty learner/currentAddress | dc:location is no property of Person; location of ELM is.
19 agree learner/gender | By the list human-sex; unknown is kept, its member is not documented.
20 agree report/issuer
21 agree report/issuer/identifier
22 faulty report/issuer/country | The property is countryCode, with a small letter.
23 agree report/issuer/title
24 agree report/issuer/url
25 agree report
26 faulty report/issuer | A class stands in the path as if it were a property: hasClaim leads to the achievement.
27 faulty LOS | A class is named where a path is needed: hasClaim, then specifiedBy.
28 differ report/issueDate | Also to validFrom, since sealing overwrites issued.
29 faulty report/gradingScheme | The property is not on the credential: it belongs to the specification of an assessment.
30 faulty - | ELMO reports have no description, and the path names a class and a property that does not exist.
31 agree report/attachment
32 faulty LOS | A class stands in the path as if it were a property.
33 agree LOS/identifier
34 agree LOS/title | On the achievement, too: its title is mandatory.
35 agree LOS/type
36 agree LOS/subjectArea
37 agree LOS/iscedCode | A code that is not in the list goes to educationSubject.
38 agree LOS/url
39 agree LOS/description
40 faulty LOS/descriptionHtml | The context takes the text for an identifier and drops it: a note of the claim in format HTML holds it.
41 faulty LOS/specifies | There is no such property; the achievement and its specification stand for it.
42 agree LOS/hasPart
43 not-mapped LOS/extension
44 faulty LOI | The name of a class with a small letter is no property.
45 faulty LOI/identifier | The name is that of a class; the property has a small letter.
46 faulty LOI/start | Misspelt names; and the period is the one that the sheet also gives to the academic term.
47 faulty LOI/date | As row 46; the date of the result is the date of award.
48 faulty LOI/academicTerm | One period cannot hold both the term and the learner's own dates; we keep it for the term.
49 agree LOI/status | The list's members for failed and in progress are not known, so those are concepts of ours.
50 differ LOI/gradingSchemeLocalId | The scheme belongs to the assessment that took place, not to one planned by the specification.
51 agree LOI/resultLabel
52 faulty LOI/shortenedGrading | A property of the assessment, not of the achievement.
53 faulty LOI/resultDistribution | A property of the assessment, not of the achievement.
54 agree LOI/credit
55 faulty LOI/level | Misspelt; and row 66 says otherwise.
56 agree LOI/languageOfInstruction
57 faulty LOI/engagementHours | The property is contactHour, and it belongs to the specification of the activity.
58 faulty LOI/attachments | Three properties and a question mark: only supplementaryDocument is allowed on a claim.
59 not-mapped LOI/grouping
60 not-mapped LOI/extension
61 not-mapped DS
62 agree LOI/academicTerm
63 agree LOI/academicTerm/title
64 agree LOI/academicTerm/start
65 agree LOI/academicTerm/end
66 faulty LOI/level | Misspelt; and only a Qualification has the property, once.
67 not-mapped LOI/level/type
68 differ LOI/level/description | Only on concepts of ours: one of a published list must not get a second label.
69 differ LOI/level/value | Only on concepts of ours: one of a published list is known by its identifier.
70 agree LOI/credit
71 faulty LOI/credit/scheme | The property has a small letter.
72 not-mapped LOI/credit/level
73 agree LOI/credit/value
74 agree LOI/shortenedGrading
75 agree LOI/shortenedGrading/percentageLower
76 agree LOI/shortenedGrading/percentageEqual
77 agree LOI/shortenedGrading/percentageHigher
78 agree LOI/resultDistribution
79 faulty LOI/resultDistribution/category | A class is named where the property resultCategory is needed.
80 agree LOI/resultDistribution/description
81 agree LOI/resultDistribution/category
82 agree LOI/resultDistribution/category/@label
83 agree LOI/resultDistribution/category/@count | Except for zero, which the type in ELM excludes.
84 agree report/gradingScheme
85 faulty report/gradingScheme/@localId | The name is that of a class; the property has a small letter.
86 agree report/gradingScheme/description
87 not-mapped DS | A profile for supplements is no place for the sections of one.
88 not-mapped DS/version
89 not-mapped DS/issueDate
90 not-mapped DS/introduction
91 not-mapped SEC
92 not-mapped DS/ds:Signature
93 not-mapped DS/@xml:lang
94 not-mapped SEC
95 not-mapped SEC/title
96 not-mapped SEC/content
97 not-mapped SEC/additionalInformation
98 not-mapped SEC/attachment
99 not-mapped SEC/section
100 not-mapped SEC/@number
101 agree attachment
102 not-mapped attachment/identifier
103 agree attachment/title
104 agree attachment/type
105 agree attachment/description
106 agree attachment/content
107 not-mapped attachment/extension
108 not-mapped LOI/attachments
109 not-mapped LOI/attachments/ref
110 faulty groups | As row 7.
111 faulty groups/groupType | As row 7.
112 not-mapped extension
113 not-mapped extension
114 not-mapped ds:Signature
115 not-mapped ds:Signature
`
