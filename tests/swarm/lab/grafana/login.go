// SPDX-License-Identifier: MIT

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
)

// A login is what the database keeps of the first user: not the password.
type login string

func loginOf(user, password string) login {
	sum := sha256.Sum256([]byte(user + "\x00" + password))
	return login(hex.EncodeToString(sum[:]))
}

// firstLogin is the one in the data folder or, when that is new, of the
// settings: as in Grafana, later settings change nothing.
func firstLogin(data, user, password string) (login, error) {
	path := filepath.Join(data, "grafana.db")
	if known, err := os.ReadFile(path); err == nil {
		return login(known), nil
	}
	own := loginOf(user, password)
	return own, os.WriteFile(path, []byte(own), 0o640)
}

// handleLogin is for what a browser sends.
func (l login) handleLogin(w http.ResponseWriter, r *http.Request) {
	var given struct{ User, Password string }
	err := json.NewDecoder(r.Body).Decode(&given)
	if err != nil || loginOf(given.User, given.Password) != l {
		refuse(w)
		return
	}
	answer(w, map[string]string{"message": "Logged in"})
}

// guard lets those in who have the login with them.
func (l login) guard(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if !ok || loginOf(user, password) != l {
			refuse(w)
			return
		}
		next(w, r)
	}
}

func refuse(w http.ResponseWriter) {
	w.WriteHeader(http.StatusUnauthorized)
	answer(w, map[string]string{"message": "Unauthorized"})
}

func answer(w http.ResponseWriter, value any) {
	json.NewEncoder(w).Encode(value)
}
