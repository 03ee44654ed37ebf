package jetstream

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"elmobridge/api/state"

	"github.com/nats-io/nats-server/v2/server"
)

// serve starts a server within the process. It listens nowhere, writes each record to the disk before it answers
// (SyncAlways), and encrypts its files.
func (e *engine) serve() (err error) {
	if e.folder, err = openFolder(e.config.Dir, e.config.Key); err != nil {
		return err
	}
	e.server, err = server.NewServer(&server.Options{
		ServerName: e.config.Name, DontListen: true, NoSigs: true,
		JetStream: true, StoreDir: e.folder.path, SyncAlways: true, DisableJetStreamBanner: true,
		JetStreamCipher: server.AES, JetStreamKey: e.folder.key,
		JetStreamMaxMemory: 2 * e.config.MaxBytes, // the streams have limits of their own
		JetStreamMaxStore:  1 << 50,               // the disk is the limit: a share of what is free at the start would shrink as the log grows
	})
	if err != nil {
		return fmt.Errorf("the server of the state: %w", err)
	}
	e.server.SetLoggerV2(serverLog{e.config.Log}, false, false, false)
	e.server.Start()
	if !e.server.ReadyForConnections(startTime) {
		return fmt.Errorf("%w: the server of the state is not ready after %v", state.ErrUnavailable, startTime)
	}
	return nil
}

// startTime is for a server to read its files.
const startTime = time.Minute

// serverLog is what the server says that an operator must know.
type serverLog struct{ log *slog.Logger }

func (serverLog) Noticef(string, ...any) {}
func (serverLog) Debugf(string, ...any)  {}
func (serverLog) Tracef(string, ...any)  {}

func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("state", "what", fmt.Sprintf(format, v...))
}
func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("state", "what", fmt.Sprintf(format, v...))
}
func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

// folder is where a server has its files. No other process may use it.
type folder struct {
	path      string
	key       string // of the files
	temporary bool
	lock      *os.File
}

// openFolder takes a folder for this process, and checks that its files were written with the key. The server
// would take those of another key for damaged, and begin a new audit log.
func openFolder(path string, key []byte) (*folder, error) {
	f := &folder{path: path}
	var err error
	if path == "" {
		f.temporary = true
		key = make([]byte, state.KeySize)
		_, _ = rand.Read(key) // never fails
		if f.path, err = os.MkdirTemp("", "elmobridge-state-"); err != nil {
			return nil, fmt.Errorf("a temporary folder for the state: %w", err)
		}
	}
	f.key = derive(key, "elmobridge jetstream files")
	if err := f.open(derive(key, "elmobridge jetstream check")); err != nil {
		return nil, errors.Join(fmt.Errorf("the folder of the state: %w", err), f.close())
	}
	return f, nil
}

func (f *folder) open(check string) error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return err
	}
	if err := f.take(); err != nil {
		return err
	}
	return f.sameKey(check)
}

// derive gives a key for one purpose as hexadecimal digits. HKDF, RFC 5869.
func derive(key []byte, purpose string) string {
	k, err := hkdf.Key(sha256.New, key, nil, purpose, sha256.Size)
	if err != nil {
		panic(err) // 32 bytes can always be derived
	}
	return hex.EncodeToString(k)
}

// take locks the folder. The lock is gone when the process is, however it ends.
func (f *folder) take() (err error) {
	if f.lock, err = os.OpenFile(filepath.Join(f.path, "lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	if err := lock(f.lock); err != nil {
		return fmt.Errorf("%s: another process uses it; stop that one first (%w)", f.path, err)
	}
	return nil
}

// KeyCheck is the file that tells with which key a folder was written. A folder that has it is of no use without that key.
const KeyCheck = "key-check"

// sameKey compares what was derived from the key with what was when the folder was new.
func (f *folder) sameKey(check string) error {
	path := filepath.Join(f.path, KeyCheck)
	before, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.Join(os.WriteFile(path+".new", []byte(check), 0o600), os.Rename(path+".new", path))
	case err != nil:
		return err
	case !hmac.Equal(before, []byte(check)):
		return fmt.Errorf("%s was written with another key: give that one, or another folder", f.path)
	}
	return nil
}

func (f *folder) close() error {
	var err error
	if f.lock != nil {
		if err = f.lock.Close(); errors.Is(err, fs.ErrClosed) {
			err = nil
		}
	}
	if f.temporary {
		err = errors.Join(err, os.RemoveAll(f.path))
	}
	return err
}
