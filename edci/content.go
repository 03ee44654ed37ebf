package edci

import "reflect"

// UUID names a thing by a seed and a path below it, as AssignIDs names nodes: "urn:uuid:" and a UUID of
// version 5 (RFC 9562).
func UUID(seed, path string) string {
	space := uuid5(append(idNamespace[:], seed...))
	return uuid5(append(space[:], path...)).urn(classOf[reflect.TypeFor[MediaObject]()])
}
