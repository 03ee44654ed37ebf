package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"elmobridge/api/state"
	"elmobridge/api/state/jetstream"
)

// stateFlags say where the service keeps what outlives a request.
type stateFlags struct {
	Data         string   `group:"State" env:"ELMOBRIDGE_DATA" placeholder:"DIR" help:"Keep the audit log and jobs in this folder. Without it they end with the program. What learners fetch is never on the disk."`
	StateMemory  int      `group:"State" env:"ELMOBRIDGE_STATE_MEMORY" default:"512" placeholder:"MIB" help:"Memory in MiB for everything that is kept for a while (default ${default})."`
	StateKey     string   `group:"State" env:"ELMOBRIDGE_STATE_KEY" placeholder:"FILE" help:"Key that seals it: 32 bytes as 64 hexadecimal digits. Without it one is made, with --data in DIR/key."`
	NATS         []string `name:"nats" group:"State" env:"ELMOBRIDGE_NATS" sep:"," placeholder:"URL" help:"Keep all of it in this cluster of NATS JetStream, which the machines of a fleet share."`
	NATSUser     string   `name:"nats-credentials" group:"State" env:"ELMOBRIDGE_NATS_CREDENTIALS" placeholder:"FILE" help:"Credentials of the user (.creds)."`
	NATSCA       string   `name:"nats-ca" group:"State" env:"ELMOBRIDGE_NATS_CA" placeholder:"FILE" help:"Certificates (PEM) that lead to those of the cluster; TLS is then demanded."`
	NATSCert     string   `name:"nats-cert" group:"State" env:"ELMOBRIDGE_NATS_CERT" placeholder:"FILE" help:"Certificate (PEM) of this machine for the cluster."`
	NATSCertKey  string   `name:"nats-key" group:"State" env:"ELMOBRIDGE_NATS_KEY" placeholder:"FILE" help:"Its private key (PEM)."`
	NATSReplicas int      `name:"replicas" group:"State" env:"ELMOBRIDGE_REPLICAS" default:"3" placeholder:"N" help:"Nodes of the cluster that hold each value: 1, 3 or 5 (default ${default})."`
	NATSName     string   `name:"nats-name" group:"State" env:"ELMOBRIDGE_NATS_NAME" default:"elmobridge" placeholder:"NAME" help:"Beginning of the names of the streams, for several services in one cluster (default ${default})."`
}

// engine says in a few words what the store is in.
func (f *stateFlags) engine() string {
	switch {
	case len(f.NATS) > 0:
		return "cluster"
	case f.Data != "":
		return "folder"
	}
	return "memory"
}

// load checks the flags, and reads the key if there is one.
func (f *stateFlags) load(log *slog.Logger) (jetstream.Config, error) {
	c := jetstream.Config{Dir: f.Data, MaxBytes: int64(f.StateMemory) << 20, Log: log}
	switch {
	case f.StateMemory < 1:
		return c, usage("--state-memory is at least 1")
	case f.Data != "" && len(f.NATS) > 0:
		return c, usage("--data and --nats exclude each other: the state is in a folder or in a cluster")
	case len(f.NATS) > 0 && f.StateKey == "":
		return c, usage("--nats needs --state-key: all machines of a fleet have the same, such as: openssl rand -hex 32")
	case len(f.NATS) > 0:
		c.URLs, c.Credentials, c.CA, c.Certificate, c.PrivateKey = f.NATS, f.NATSUser, f.NATSCA, f.NATSCert, f.NATSCertKey
		c.Replicas, c.Name = f.NATSReplicas, f.NATSName
	case f.NATSUser != "" || f.NATSCA != "" || f.NATSCert != "":
		return c, usage("--nats-credentials, --nats-ca and --nats-cert go with --nats")
	}
	var err error
	c.Key, err = f.key()
	return c, err
}

// keyFile is where the key is; empty: nowhere.
func (f *stateFlags) keyFile() string {
	switch {
	case f.StateKey != "":
		return f.StateKey
	case f.Data != "":
		return filepath.Join(f.Data, "key")
	}
	return ""
}

// key reads the key of the store; nil: there is none yet.
func (f *stateFlags) key() ([]byte, error) {
	file := f.keyFile()
	if file == "" {
		return nil, nil
	}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.StateKey == "":
		return nil, f.noKey()
	case err != nil:
		return nil, usage("the key of the state, %s: %w", file, reason(err))
	case info.Mode().Perm()&0o007 != 0 && runtime.GOOS != "windows":
		return nil, usage("the key of the state, %s: everybody on this machine may read it; chmod 600 it", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("the key of the state, %s: %w", file, reason(err))
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != state.KeySize {
		return nil, usage("the key of the state, %s: it is not 64 hexadecimal digits; openssl rand -hex 32 makes one", file)
	}
	return key, nil
}

// noKey tells whether it is well that the folder of --data has no key: it is when the folder is new.
func (f *stateFlags) noKey() error {
	if _, err := os.Stat(filepath.Join(f.Data, jetstream.KeyCheck)); err == nil {
		return usage("--data: %s is in use, and its key is missing: restore %s, or name it with --state-key", f.Data, f.keyFile())
	}
	return nil
}

// makeKey makes a key, and keeps it in the folder of --data.
func (f *stateFlags) makeKey() ([]byte, error) {
	key := make([]byte, state.KeySize)
	_, _ = rand.Read(key) // never fails
	if f.Data == "" {
		return key, nil
	}
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return nil, usage("--data: %w", reason(err))
	}
	file, err := os.OpenFile(f.keyFile(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, usage("--data: %w", reason(err))
	}
	_, err = fmt.Fprintf(file, "%x\n", key)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, usage("--data: the key: %w", reason(err))
	}
	return key, nil
}

// stateTime is how long the store may take to open; a cluster may be starting as well.
const stateTime = time.Minute

// open opens the store.
func (f *stateFlags) open(ctx context.Context, c jetstream.Config) (*state.Store, error) {
	if c.Key == nil {
		var err error
		if c.Key, err = f.makeKey(); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, stateTime)
	defer cancel()
	e, err := jetstream.Open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("the state: %w", err)
	}
	return state.New(e, c.Key)
}
