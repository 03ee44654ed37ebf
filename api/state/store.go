package state

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Kind is what an entry is for, a word of letters, digits, dashes and low lines. Entries of different kinds never meet.
// It is part of the key in the engine.
type Kind string

// Token names an entry, and is the only thing that opens it. It is a secret of its bearer: never log it, and keep
// it out of addresses.
type Token string

// NewToken gives a token that nobody can guess: 130 random bits as 26 letters and digits.
func NewToken() Token { return Token(rand.Text()) }

// KeySize is the size of the key of a store in bytes.
const KeySize = 32

// Store keeps sealed values in an engine.
type Store struct {
	engine Engine
	key    []byte
	share  float64 // of the room, beyond which no value is added
}

// New gives a store with a key of KeySize bytes, which all machines of a fleet share. Values can be opened with
// the key and their token together, jobs with the key.
func New(e Engine, key []byte) (*Store, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("the key of the store has %d bytes, not %d", len(key), KeySize)
	}
	return &Store{e, bytes.Clone(key), 1}, nil
}

// anybodysShare is the share of the room that people may fill who have not said who they are.
const anybodysShare = .5

// ForAnybody is the same store for the requests of people who have not said who they are: once half of the room is
// taken, it adds nothing (ErrTooLarge), so that some is left for those who have.
func (s *Store) ForAnybody() *Store { return &Store{s.engine, s.key, anybodysShare} }

// ForKnown is the same store for who has said who they are.
func (s *Store) ForKnown() *Store { return &Store{s.engine, s.key, 1} }

// Put keeps a value of up to MaxValue bytes for the bearer of the token that it gives, from MinLife to MaxLife.
func (s *Store) Put(ctx context.Context, k Kind, value []byte, life time.Duration) (Token, error) {
	t := NewToken()
	if _, err := s.PutAs(ctx, k, t, value, life); err != nil {
		return "", err
	}
	return t, nil
}

// PutAs is Put with a token of the caller, which must not be one that can be guessed. The error is ErrExists when
// there is an entry of that kind with that token.
func (s *Store) PutAs(ctx context.Context, k Kind, t Token, value []byte, life time.Duration) (Revision, error) {
	if s.share < 1 {
		if filled, err := s.engine.Filled(ctx); err != nil {
			return 0, err
		} else if filled > s.share {
			return 0, ErrTooLarge
		}
	}
	return s.engine.Create(ctx, entryKey(k, t), s.seal(k, string(t), value), life)
}

// Get gives a value.
func (s *Store) Get(ctx context.Context, k Kind, t Token) ([]byte, Revision, error) {
	sealed, r, err := s.engine.Get(ctx, entryKey(k, t))
	if err != nil {
		return nil, 0, err
	}
	value, err := s.open(k, string(t), sealed)
	return value, r, err
}

// Swap changes a value that is as it was at a revision. It expires when it would have.
func (s *Store) Swap(ctx context.Context, k Kind, t Token, value []byte, from Revision) (Revision, error) {
	return s.engine.Swap(ctx, entryKey(k, t), s.seal(k, string(t), value), from)
}

// Take gives a value and removes it. Of any number of callers, one gets it.
func (s *Store) Take(ctx context.Context, k Kind, t Token) ([]byte, error) {
	sealed, err := s.engine.Take(ctx, entryKey(k, t))
	if err != nil {
		return nil, err
	}
	return s.open(k, string(t), sealed)
}

// jobKind is the kind that jobs are sealed as. It is not a word, so that no entry is of it.
const jobKind Kind = "a job"

// Enqueue adds a job of up to MaxJob bytes to a queue, sealed with the key of the store.
func (s *Store) Enqueue(ctx context.Context, queue string, job []byte) error {
	return s.engine.Enqueue(ctx, queue, s.seal(jobKind, queue, job))
}

// Work does the jobs of a queue until the context ends. Jobs that were sealed with another key are dropped.
func (s *Store) Work(ctx context.Context, queue string, do func(context.Context, Job) error) error {
	return s.engine.Work(ctx, queue, func(ctx context.Context, j Job) error {
		body, err := s.open(jobKind, queue, j.Body)
		if err != nil {
			return nil // nobody who has this key has made it: doing it again would not help
		}
		return do(ctx, Job{body, j.Last})
	})
}

// Filled is the share of the room that is taken, from 0 to 1.
func (s *Store) Filled(ctx context.Context) (float64, error) { return s.engine.Filled(ctx) }

// Ready tells whether the store can be used now.
func (s *Store) Ready(ctx context.Context) error { return s.engine.Ready(ctx) }

// Close ends the store and its engine.
func (s *Store) Close() error { return s.engine.Close() }

// entryKey is the name of an entry in the engine, which does not tell the token.
func entryKey(k Kind, t Token) string {
	sum := sha256.Sum256([]byte(string(k) + "\x00" + string(t)))
	return string(k) + "." + hex.EncodeToString(sum[:])
}

// overhead is by how much what is sealed is larger: the nonce and the tag of AES-GCM.
const overhead = 12 + 16

// errSealed is the error of a value that another store has sealed, or that has been changed.
var errSealed = errors.New("the value was sealed with another key")

// seal encrypts a value: AES-256-GCM, the nonce first. The key is derived from that of the store and a secret,
// so that no two entries have the same.
func (s *Store) seal(k Kind, secret string, value []byte) []byte {
	g := s.cipher(k, secret)
	nonce := make([]byte, g.NonceSize(), len(value)+overhead)
	_, _ = rand.Read(nonce) // never fails
	return g.Seal(nonce, nonce, value, nil)
}

func (s *Store) open(k Kind, secret string, sealed []byte) ([]byte, error) {
	g := s.cipher(k, secret)
	if len(sealed) < g.NonceSize() {
		return nil, errSealed
	}
	value, err := g.Open(nil, sealed[:g.NonceSize()], sealed[g.NonceSize():], nil)
	if err != nil {
		return nil, errSealed
	}
	return value, nil
}

// cipher derives a key with HKDF of RFC 5869; none of the steps can fail with the sizes used here.
func (s *Store) cipher(k Kind, secret string) cipher.AEAD {
	key, err := hkdf.Key(sha256.New, []byte(secret), s.key, "elmobridge state "+string(k), 32)
	if err != nil {
		panic(err)
	}
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	g, err := cipher.NewGCM(b)
	if err != nil {
		panic(err)
	}
	return g
}
