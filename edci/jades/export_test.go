package jades

// KeyID is keyID, for the tests that compare it with the files of others.
var KeyID = keyID
