// Package intoto reads attestations: in-toto statements 0.1 and 1, alone, in DSSE
// envelopes or in Sigstore bundles 0.1 to 0.3, one to a document or several (lines of
// JSON, the list of the npm registry, the description of an image by Google Cloud).
// Of SLSA provenance 0.1, 0.2 and 1 it reads what was built, by whom, how and from
// what; other predicates are kept by their type.
//
// An attestation counts only when its signature is by a key that the operator named,
// or by a certificate that leads to the operator's trusted root, is in the logs of
// that root, was valid at a time that the root vouches for, and bears an identity
// that the operator allows. All of it is verified without a network. What is then
// believed is the payload that was signed and nothing beside it.
//
// It deliberately does not say whether the subjects are the files of a release: that
// is for a check, which knows both. It keeps no state, so that an attestation that is
// sent twice says the same twice.
package intoto
