package org.consentgateway.console.passkey;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Thread-safe. What devices have to sign: of one browser, once, within five minutes. */
final class PasskeyChallenges {
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** One more, and the oldest has to begin again. */
    static final int MOST = 1_000;

    private static final int OCTETS = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Given> byBrowser =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Given> eldest) {
                    return size() > MOST;
                }
            };

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Given(byte[] challenge, Instant at) {}

    /**
     * The one before counts no more.
     *
     * @param browser what nobody but it knows
     */
    synchronized byte[] give(String browser, Instant now) {
        byte[] challenge = new byte[OCTETS];
        random.nextBytes(challenge);
        byBrowser.remove(browser);
        byBrowser.put(browser, new Given(challenge, now));
        return challenge;
    }

    synchronized Optional<byte[]> take(String browser, Instant now) {
        return Optional.ofNullable(byBrowser.remove(browser))
                .filter(each -> now.isBefore(each.at().plus(LONGEST)))
                .map(Given::challenge);
    }
}
