/**
 * Lays its standard input as `$1/pointsman-host`, if its SHA-256 is `$2`; `$3` is `compare` (only looks: 3 where another text or none lies
 * there) or `install`. Written whole under another name and renamed, so that a torn text is never run (rename(2)).
 */
export const INSTALL = `
folder=$1 wanted=$2 what=$3
sum() { sha256sum < "$1" 2>/dev/null | cut -d' ' -f1; }
if [ "$(sum "$folder/pointsman-host" 2>/dev/null)" = "$wanted" ]; then exit 0; fi
if [ "$what" = compare ]; then exit 3; fi
umask 077
mkdir -p "$folder" || { echo "why the folder $folder cannot be made"; exit 4; }
new=$folder/.pointsman-host.$$
cat > "$new" || { rm -f "$new"; echo "why $new cannot be written"; exit 4; }
if [ "$(sum "$new")" != "$wanted" ]; then rm -f "$new"; echo "why the host program did not arrive whole, or sha256sum is missing"; exit 4; fi
sync
mv "$new" "$folder/pointsman-host" || { rm -f "$new"; echo "why $folder/pointsman-host cannot be put in place"; exit 4; }
sync
`;
