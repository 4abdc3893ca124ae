/**
 * Signing in to the console by a passkey (W3C Web Authentication): a key pair in somebody's device,
 * whose owner the device has made sure of. Start at {@link
 * org.consentgateway.console.passkey.Passkeys}.
 */
@NullMarked
package org.consentgateway.console.passkey;

import org.jspecify.annotations.NullMarked;
