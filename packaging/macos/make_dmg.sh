#!/bin/sh
# dist/GPROChat.app to dist/GPROChat-VERSION.dmg, on a Mac. Signed and notarized where these are set:
#   SIGNING_IDENTITY   "Developer ID Application: …", in the keychain
#   NOTARY_PROFILE     of `xcrun notarytool store-credentials`
set -eu
cd "$(dirname "$0")/../.."
app=dist/GPROChat.app
version=$(defaults read "$PWD/$app/Contents/Info" CFBundleShortVersionString)
image=dist/GPROChat-$version.dmg

if [ -n "${SIGNING_IDENTITY:-}" ]; then
    find "$app" -type f \( -name '*.so' -o -name '*.dylib' \) -print0 |
        xargs -0 codesign --force --timestamp --options runtime --sign "$SIGNING_IDENTITY"
    codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist \
        --sign "$SIGNING_IDENTITY" "$app"
    codesign --verify --deep --strict "$app"
fi

content=$(mktemp -d)
trap 'rm -rf "$content"' EXIT
ditto "$app" "$content/GPROChat.app"
ln -s /Applications "$content/Applications"
hdiutil create -volname GPROChat -srcfolder "$content" -format ULFO -ov "$image"

if [ -n "${NOTARY_PROFILE:-}" ]; then
    codesign --timestamp --sign "$SIGNING_IDENTITY" "$image"
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
