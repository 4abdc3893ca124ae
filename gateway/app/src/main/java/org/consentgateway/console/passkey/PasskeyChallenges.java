package org.consentgateway.console.passkey;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.consentgateway.console.account.SignInsUnderWay;

/** Thread-safe. What devices have to sign: of one browser, once, within five minutes. */
final class PasskeyChallenges {
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int OCTETS = 32;

    private final SecureRandom random = new SecureRandom();
    private final SignInsUnderWay<Given> byBrowser = new SignInsUnderWay<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Given(byte[] challenge, Instant at) {}

    /**
     * The one before counts no more.
     *
     * @param browser what nobody but it knows
     * @param source where it is
     */
    byte[] give(String browser, String source, Instant now) {
        byte[] challenge = new byte[OCTETS];
        random.nextBytes(challenge);
        byBrowser.put(browser, source, new Given(challenge, now));
        return challenge;
    }

    Optional<byte[]> take(String browser, Instant now) {
        return byBrowser
                .remove(browser)
                .filter(each -> now.isBefore(each.at().plus(LONGEST)))
                .map(Given::challenge);
    }
}
