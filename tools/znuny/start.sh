#!/usr/bin/env bash
# A fresh Znuny with its secrets in DIR, served on loopback PORT: start.sh DIR PORT. See README.md.
set -euo pipefail
dir=$(realpath -m "$1") port=$2
here=$(cd "$(dirname "$0")" && pwd)
home=/usr/share/otrs database=znuny
if ! apt-cache show otrs2 >/dev/null 2>&1; then
  apt-get update -qq
  apt-cache show otrs2 >/dev/null 2>&1 || { echo "otrs2 can't be installed: add Debian's section non-free, see README.md" >&2; exit 1; }
fi
if [ ! -d "$home" ]; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    otrs2 librest-client-perl postgresql starlet curl >/dev/null
fi
mkdir -p "$dir"
umask 077
for secret in database password; do [ -s "$dir/$secret" ] || head -c 18 /dev/urandom | base64 | tr '+/' 'ab' >"$dir/$secret"; done
service postgresql start >/dev/null || true
as_postgres() { runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 "$@"; }
as_otrs() { runuser -u otrs -- "$home/bin/otrs.Console.pl" "$@"; }
if ! as_postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$database'" | grep -q 1; then
  as_postgres -c "CREATE ROLE $database LOGIN PASSWORD '$(cat "$dir/database")'" -c "CREATE DATABASE $database OWNER $database"
  for part in schema initial_insert schema-post; do
    PGPASSWORD=$(cat "$dir/database") psql -q -h 127.0.0.1 -U "$database" -v ON_ERROR_STOP=1 \
      -f "$home/scripts/database/$part.postgresql.sql" "$database"
  done
  install -o otrs -g www-data -m 640 /dev/null /etc/otrs/database.pm
  cat >/etc/otrs/database.pm <<PERL
\$DatabaseHost = '127.0.0.1';
\$Database     = '$database';
\$DatabaseUser = '$database';
\$DatabasePw   = '$(cat "$dir/database")';
\$DatabaseDSN  = "DBI:Pg:dbname=\$Database;host=\$DatabaseHost;";
1;
PERL
  as_otrs Maint::Config::Rebuild --no-ansi
  as_otrs Admin::Config::Update --setting-name CheckMXRecord --value 0 --no-ansi  # else no agent can be added
  as_otrs Admin::User::Add --user-name faultgate --first-name Fault --last-name Gate --group users --no-ansi \
    --email-address faultgate@znuny.localhost --password "$(cat "$dir/password")"
  runuser -u otrs -- perl "$here/field.pl"
  as_otrs Admin::WebService::Add --name FaultGateway --source-path "$here/web-service.yml" --no-ansi
fi
setsid runuser -u otrs -- plackup -s Starlet --host 127.0.0.1 --port "$port" "$home/bin/cgi-bin/app.psgi" \
  >"$dir/server.log" 2>&1 </dev/null &
echo $! >"$dir/pid"
url="http://127.0.0.1:$port/otrs/nph-genericinterface.pl/Webservice/FaultGateway"
for _ in $(seq 100); do
  if curl -fsS -o /dev/null -d '{}' "$url/TicketSearch" 2>/dev/null; then
    printf '[backends.znuny]\nkind = "znuny"\nurl = "%s"\nuser = "faultgate"\npassword = { file = "%s/password" }\n' "$url" "$dir"
    exit 0
  fi
  sleep 0.2
done
echo "znuny: not up after 20 s; see $dir/server.log" >&2
exit 1
