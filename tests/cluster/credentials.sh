#!/usr/bin/env bash
# A certificate that is its own authority, a token and a kubeconfig: credentials.sh FOLDER
set -euo pipefail
cd "$1"
openssl ecparam -name prime256v1 -genkey -noout -out server.key
openssl req -x509 -new -key server.key -sha256 -days 1 -subj /CN=cluster -out server.crt \
  -addext 'subjectAltName = IP:127.0.0.1,IP:10.88.0.1,IP:10.89.0.1,DNS:kubernetes.default.svc' -addext 'basicConstraints = critical,CA:TRUE'
token=$(openssl rand -hex 16)
echo "$token,admin,admin,system:masters" >tokens.csv
cat >kubeconfig <<END
apiVersion: v1
kind: Config
current-context: test
contexts:
  - name: test
    context: { cluster: test, user: admin }
clusters:
  - name: test
    cluster:
      server: https://127.0.0.1:6443
      certificate-authority-data: $(base64 -w0 server.crt)
users:
  - name: admin
    user:
      token: $token
END
chmod 600 tokens.csv server.key kubeconfig
