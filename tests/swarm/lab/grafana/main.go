// SPDX-License-Identifier: MIT

// Command grafana stands in for Grafana where a deployment is tested: it reads
// the same file in the same way, by the program grafana-ini, which is the
// reader of the tests of that format; it provisions data sources and
// dashboards, takes the first user into its data folder, and answers what the
// walk asks.
//
//	grafana server --homepath=DIR --config=FILE [cfg:...]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Settings are values by section and key.
type settings map[string]map[string]string

// readSettings hands the file over as it is open, since its path may be one of
// this process alone: /proc/self/fd/3.
func readSettings(home, config string) (settings, error) {
	file, err := os.Open(config)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader := exec.Command("grafana-ini", "-defaults",
		filepath.Join(home, "conf/defaults.ini"), "-json", "/dev/stdin")
	reader.Stdin = file
	reader.Stderr = os.Stderr
	output, err := reader.Output()
	if err != nil {
		return nil, err
	}
	return decode(output)
}

// decode takes the values out of base64.
func decode(output []byte) (settings, error) {
	var sections map[string]map[string][]byte
	if err := json.Unmarshal(output, &sections); err != nil {
		return nil, err
	}
	all := settings{}
	for section, keys := range sections {
		all[section] = map[string]string{}
		for key, value := range keys {
			all[section][key] = string(value)
		}
	}
	return all, nil
}

// shown is what an administrator may see of the settings.
func (s settings) shown() settings {
	all := settings{}
	for section, keys := range s {
		all[section] = map[string]string{}
		for key, value := range keys {
			if strings.Contains(key, "password") {
				value = "*********"
			}
			all[section][key] = value
		}
	}
	return all
}

// proxy passes a question on to the data source that its path names.
func proxy(sources []source) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, to := range sources {
			prefix := "/api/datasources/proxy/" + strconv.Itoa(to.ID)
			target, err := url.Parse(to.URL)
			if err == nil && strings.HasPrefix(r.URL.Path, prefix+"/") {
				r.Header.Del("Authorization")
				http.StripPrefix(prefix,
					httputil.NewSingleHostReverseProxy(target)).
					ServeHTTP(w, r)
				return
			}
		}
		http.NotFound(w, r)
	}
}

// start reads everything there is to read, then serves.
func start(home, config string) error {
	set, err := readSettings(home, config)
	if err != nil {
		return err
	}
	folder := os.Getenv("GF_PATHS_PROVISIONING")
	sources, err := readSources(folder)
	if err != nil {
		return err
	}
	dashboards, err := readDashboards(folder)
	if err != nil {
		return err
	}
	first, err := firstLogin(os.Getenv("GF_PATHS_DATA"),
		set["security"]["admin_user"], set["security"]["admin_password"])
	if err != nil {
		return err
	}
	constant := func(value any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			answer(w, value)
		}
	}
	http.HandleFunc("/api/health",
		constant(map[string]string{"database": "ok"}))
	http.HandleFunc("/login", first.handleLogin)
	http.HandleFunc("/api/admin/settings", first.guard(constant(set.shown())))
	http.HandleFunc("/api/datasources", first.guard(constant(sources)))
	http.HandleFunc("/api/datasources/proxy/", first.guard(proxy(sources)))
	http.HandleFunc("/api/search", first.guard(constant(dashboards)))
	return http.ListenAndServe(":3000", nil)
}

func main() {
	flags := flag.NewFlagSet("grafana server", flag.ExitOnError)
	home := flags.String("homepath", ".", "`DIR` with conf/defaults.ini")
	config := flags.String("config", "", "`FILE` with the settings")
	if len(os.Args) < 2 || os.Args[1] != "server" {
		fmt.Fprintln(os.Stderr, "usage: grafana server [OPTION...]")
		os.Exit(2)
	}
	flags.Parse(os.Args[2:])
	if err := start(*home, *config); err != nil {
		fmt.Fprintln(os.Stderr, "grafana:", err)
		os.Exit(1)
	}
}
