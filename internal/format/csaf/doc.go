// Package csaf reads and judges security advisories in the Common Security Advisory
// Framework (OASIS CSAF 2.0 and 2.1, JSON), and writes VEX documents of version 2.0
// with profile csaf_vex.
//
// It is a consumer and a basic validator in the words of the standard: Parse reads
// what an advisory says and notes what breaks the schema; Failures runs the
// mandatory tests of section 6.1, each a function of its own that carries its number.
// model.go is the schema as Go types, and the place to start reading.
//
// Of 2.1, which is not yet final, it reads the parts that 2.0 has in another form
// and runs all tests but three: the registry of SSVC decision points (6.1.48) and the
// schemas of extensions (6.1.60.2 and .3) are not in the product. It deliberately
// leaves out the optional, recommended and informative tests, and the distribution of
// advisories (ROLIE feeds, provider metadata, aggregators): those are other documents.
package csaf
