package state_test

import (
	"testing"

	"elmobridge/api/state"
	"elmobridge/api/state/statetest"
)

func TestMemory(t *testing.T) {
	statetest.Contract(t, func(testing.TB) state.Engine { return state.NewMemory(statetest.Room) })
}
