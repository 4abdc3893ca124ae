package org.consentgateway.media.srtp;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A master key with its salt (RFC 3711 §3.2.1). Never prints itself. Immutable. */
public final class SrtpKey {
    private final SrtpSuite suite;
    private final byte[] octets;

    private SrtpKey(SrtpSuite suite, byte[] octets) {
        this.suite = suite;
        this.octets = octets;
    }

    public static SrtpKey random(SrtpSuite suite, SecureRandom random) {
        byte[] octets = new byte[suite.keyOctets() + suite.saltOctets()];
        random.nextBytes(octets);
        return new SrtpKey(suite, octets);
    }

    /**
     * @param keyAndSalt the key, then the salt
     * @return null if that is not as long as the suite wants it
     */
    public static @Nullable SrtpKey of(SrtpSuite suite, byte[] keyAndSalt) {
        return keyAndSalt.length == suite.keyOctets() + suite.saltOctets()
                ? new SrtpKey(suite, keyAndSalt.clone())
                : null;
    }

    public SrtpSuite suite() {
        return suite;
    }

    /** The key, then the salt: for SDP, and nothing else. */
    public byte[] keyAndSalt() {
        return octets.clone();
    }

    byte[] key() {
        return Arrays.copyOf(octets, suite.keyOctets());
    }

    byte[] salt() {
        return Arrays.copyOfRange(octets, suite.keyOctets(), octets.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SrtpKey key
                && suite == key.suite
                && MessageDigest.isEqual(octets, key.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "SrtpKey[" + suite + "]";
    }
}
