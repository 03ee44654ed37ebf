package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"elmobridge/mapping/audit/explorer"
)

//go:embed static
var staticFiles embed.FS

// staticPath is where files are that never change: their names hold a digest of what is in them.
const staticPath = "/static/"

// asset is such a file.
type asset struct {
	mediaType, tag string
	data           []byte
}

// assets are those files by their names in addresses, assetNames these by the names in the source.
var assets, assetNames = readAssets()

func readAssets() (map[string]asset, map[string]string) {
	files, names := map[string]asset{}, map[string]string{}
	err := fs.WalkDir(staticFiles, "static", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := staticFiles.ReadFile(file)
		sum := sha256.Sum256(data)
		digest, base, end := hex.EncodeToString(sum[:8]), path.Base(file), path.Ext(file)
		name := strings.TrimSuffix(base, end) + "." + digest + end
		files[name] = asset{mime.TypeByExtension(end), `"` + digest + `"`, data}
		names[base] = staticPath + name
		return err
	})
	if err != nil {
		panic(err) // not reached: the files are in the program
	}
	return files, names
}

// serve answers with the file, which anybody may keep for a year.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", a.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.data))
}

// inline are the styles and scripts in a page.
var inline = regexp.MustCompile(`(?s)<(style|script)>(.*?)</(?:style|script)>`)

// crosswalkPage is the crosswalk with its policy: it runs the script that it brings, and no other.
var crosswalkPage = sync.OnceValue(func() (page struct {
	asset
	policy string
}) {
	var b bytes.Buffer
	if err := explorer.WriteWith(&b, explorer.Options{Home: "/", HomeText: "elmobridge: convert a file"}); err != nil {
		panic(err) // not reached: it is written into memory, of tables of our own
	}
	sum := sha256.Sum256(b.Bytes())
	page.asset = asset{"text/html; charset=utf-8", `"` + hex.EncodeToString(sum[:8]) + `"`, b.Bytes()}
	page.policy = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	for _, m := range inline.FindAllSubmatch(page.data, -1) {
		digest := sha256.Sum256(m[2])
		page.policy += "; " + string(m[1]) + "-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'"
	}
	return page
})

// serveCrosswalk answers with the crosswalk.
func serveCrosswalk(w http.ResponseWriter, r *http.Request) {
	page, h := crosswalkPage(), w.Header()
	h.Set("Content-Type", page.mediaType)
	h.Set("Content-Security-Policy", page.policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", page.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page.data))
}
