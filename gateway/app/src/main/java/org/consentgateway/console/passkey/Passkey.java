package org.consentgateway.console.passkey;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.ledger.tree.Digests;

/**
 * Immutable. A key by which the owner of an account signs in.
 *
 * @param id of the credential, base64url
 * @param account name of its account
 * @param handle by which devices know the account, base64url; one of the same name that is made
 *     later has another, so that keys of the one before open nothing
 * @param name as its owner calls it
 * @param key attested credential data (WebAuthn §6.5.1), base64url: public, no secret
 * @param state what its device said last
 * @param used when somebody signed in by it last; the epoch where nobody has
 */
public record Passkey(
        String id,
        String account,
        String handle,
        String name,
        String key,
        State state,
        Instant added,
        Instant used) {

    /**
     * What can change (WebAuthn §6.1).
     *
     * @param count of its signatures; 0 with devices that do not count
     * @param backupEligible whether it can be in several devices
     * @param backedUp whether it is
     */
    public record State(long count, boolean backupEligible, boolean backedUp) {}

    /** Made of the second factor, which is new for each account and cannot be told from this. */
    static String handle(ConsoleAccount account) {
        String own = "passkeys of " + account.name() + " " + account.totp().base32();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Digests.of(own.getBytes(StandardCharsets.UTF_8)));
    }

    boolean isOf(ConsoleAccount one) {
        return account.equals(one.name()) && handle.equals(handle(one));
    }

    Passkey used(State now, Instant at) {
        return new Passkey(id, account, handle, name, key, now, added, at);
    }
}
