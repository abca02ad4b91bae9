# shellcheck shell=bash
# Sourced: Debian's archive from a work folder, without a change to the machine's own apt.

# archive_open FOLDER SUITE: later calls use this suite. The mirror is the machine's own.
archive_open() {
  archive_folder=$1
  mkdir -p "$archive_folder/lists/partial" "$archive_folder/cache/archives/partial"
  # The first paragraph of debian.sources is the main archive, the others are its updates.
  awk 'BEGIN { RS = ""; ORS = "\n\n" } NR == 1' /etc/apt/sources.list.d/debian.sources |
    sed -e 's/^Types:.*/Types: deb deb-src/' -e "s/^Suites:.*/Suites: $2/" >"$archive_folder/archive.sources"
  archive_apt -qq update
}

archive_apt() {
  apt-get -o Dir::Etc::sourcelist="$archive_folder/archive.sources" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$archive_folder/lists" -o Dir::Cache="$archive_folder/cache" -o APT::Sandbox::User=root "$@"
}

# archive_unpack FOLDER PACKAGE ...: the files of the packages below FOLDER, none of their dependencies.
archive_unpack() {
  local into=$1 deb
  shift
  mkdir -p "$into" "$archive_folder/debs"
  (cd "$archive_folder/debs" && archive_apt -qq download "$@")
  for deb in "$archive_folder"/debs/*.deb; do dpkg -x "$deb" "$into"; done
}

# archive_source PACKAGE FOLDER: its source with Debian's patches, unpacked as FOLDER.
archive_source() {
  mkdir -p "$archive_folder/sources"
  (cd "$archive_folder/sources" && archive_apt -qq source --download-only "$1")
  dpkg-source --no-check -x "$archive_folder/sources/$1"_*.dsc "$2"
}

# archive_go_root GOROOT SHARED: Debian links what a Go tree shares between architectures to where the package would be installed.
archive_go_root() {
  local folder
  for folder in src test api misc pkg/include lib; do
    [ -e "$1/$folder" ] || ln -sfn "$2/$folder" "$1/$folder"
  done
}
