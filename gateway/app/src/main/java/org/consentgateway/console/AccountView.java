package org.consentgateway.console;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.passkey.Passkey;
import org.consentgateway.console.passkey.Passkeys;

/**
 * Immutable. What somebody sees of their own account.
 *
 * @param problem key of words; empty: none
 * @param own whether it is an account of the gateway; else an identity provider keeps it
 * @param confirmed whether they have just shown again who they are
 * @param origin where passkeys can be made; empty: nowhere
 * @param others sessions of the same account elsewhere
 */
public record AccountView(
        String problem,
        boolean own,
        boolean confirmed,
        String origin,
        List<Key> passkeys,
        int others) {

    /**
     * @param about when it was made and used last, in words
     */
    public record Key(String id, String name, String about) {}

    static AccountView of(
            Session session, Optional<Passkeys> passkeys, PageWords words, Present present)
            throws IOException {
        Optional<ConsoleAccount> account = session.identification().account();
        List<Key> keys =
                account.isPresent() && passkeys.isPresent()
                        ? passkeys.get().of(account.get()).stream()
                                .map(each -> key(each, words))
                                .toList()
                        : List.of();
        return new AccountView(
                present.problem(),
                account.isPresent(),
                session.isConfirmed(present.now()),
                account.isPresent() ? passkeys.map(Passkeys::origin).orElse("") : "",
                keys,
                present.others());
    }

    /** How it is now. */
    record Present(String problem, Instant now, int others) {}

    private static Key key(Passkey each, PageWords words) {
        String made = words.of("account.made", words.day(each.added()));
        String used =
                each.used().equals(Instant.EPOCH)
                        ? words.of("account.unused")
                        : words.of("account.used", words.day(each.used()));
        return new Key(each.id(), each.name(), made + ", " + used);
    }

    /** How long it counts that somebody has shown again who they are. */
    static final Duration CONFIRMED = Duration.ofMinutes(5);
}
