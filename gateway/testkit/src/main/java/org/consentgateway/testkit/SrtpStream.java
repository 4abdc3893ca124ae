package org.consentgateway.testkit;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Confined to one thread. One direction of SRTP with AES_CM_128_HMAC_SHA1_80 (RFC 3711), written
 * down once more, so that it shares no mistake with the gateway's library.
 */
public final class SrtpStream {
    /** Octets of master key and salt, as in SDP. */
    public static final int KEY = 30;

    private static final int HEADER = 12;
    private static final int TAG = 10;
    private static final int KEY_LENGTH = 16;
    private static final int SALT_LENGTH = 14;
    private static final int HALF = 1 << 15;
    private static final int ROUND = 1 << 16;

    private final SecretKeySpec cipherKey;
    private final byte[] salt;
    private final Cipher cipher;
    private final Mac mac;

    /** Of the highest packet so far: roll-over counter times 2^16 and sequence number; -1: none. */
    private long index = -1;

    public SrtpStream(byte[] keyAndSalt) throws GeneralSecurityException {
        cipher = Cipher.getInstance("AES/CTR/NoPadding");
        SecretKeySpec master = new SecretKeySpec(keyAndSalt, 0, KEY_LENGTH, "AES");
        byte[] masterSalt = Arrays.copyOfRange(keyAndSalt, KEY_LENGTH, KEY);
        cipherKey = new SecretKeySpec(derived(master, masterSalt, 0, KEY_LENGTH), "AES");
        mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(derived(master, masterSalt, 1, 20), "HmacSHA1"));
        salt = derived(master, masterSalt, 2, SALT_LENGTH);
    }

    /** RFC 3711 §4.3.1, with a derivation rate of zero. */
    private byte[] derived(SecretKeySpec master, byte[] masterSalt, int label, int length)
            throws GeneralSecurityException {
        byte[] counter = Arrays.copyOf(masterSalt, 16);
        counter[7] ^= (byte) label;
        cipher.init(Cipher.ENCRYPT_MODE, master, new IvParameterSpec(counter));
        return cipher.doFinal(new byte[length]);
    }

    /** How often the sequence number has gone round. */
    public long rollOver() {
        return Math.max(0, index) / ROUND;
    }

    /** Makes SRTP of an RTP packet, whose sequence number follows the last one's. */
    public byte[] protect(byte[] packet, int length) throws GeneralSecurityException {
        int sequence = sequence(packet);
        long roll = rollOver() + (index >= 0 && sequence < (index & 0xFFFF) ? 1 : 0);
        index = roll * ROUND + sequence;
        byte[] sealed = Arrays.copyOf(packet, length + TAG);
        crypt(sealed, length, index);
        System.arraycopy(tag(sealed, length, roll), 0, sealed, length, TAG);
        return sealed;
    }

    /**
     * Deciphers in place.
     *
     * @return octets of the RTP packet, or -1 where its tag is not the sender's
     */
    public int unprotect(byte[] packet, int length) throws GeneralSecurityException {
        if (length < HEADER + TAG) {
            return -1;
        }
        long guess = guess(sequence(packet));
        int plain = length - TAG;
        byte[] tag = tag(packet, plain, guess / ROUND);
        if (!Arrays.equals(tag, 0, TAG, packet, plain, length)) {
            return -1;
        }
        index = Math.max(index, guess);
        crypt(packet, plain, guess);
        return plain;
    }

    /** RFC 3711 §3.3.1: the index next to the highest one that has this sequence number. */
    private long guess(int sequence) {
        if (index < 0) {
            return sequence;
        }
        long guess = rollOver() * ROUND + sequence;
        if (guess - index > HALF && guess >= ROUND) {
            return guess - ROUND;
        }
        return index - guess > HALF ? guess + ROUND : guess;
    }

    private static int sequence(byte[] packet) {
        return ByteBuffer.wrap(packet).getShort(2) & 0xFFFF;
    }

    /** RFC 3711 §4.1.1. */
    private void crypt(byte[] packet, int length, long at) throws GeneralSecurityException {
        ByteBuffer counter = ByteBuffer.wrap(Arrays.copyOf(salt, 16));
        counter.putInt(4, counter.getInt(4) ^ ByteBuffer.wrap(packet).getInt(8));
        counter.putLong(6, counter.getLong(6) ^ at);
        cipher.init(Cipher.ENCRYPT_MODE, cipherKey, new IvParameterSpec(counter.array()));
        cipher.doFinal(packet, HEADER, length - HEADER, packet, HEADER);
    }

    /** RFC 3711 §4.2. */
    private byte[] tag(byte[] packet, int length, long rollOver) {
        mac.update(packet, 0, length);
        mac.update(ByteBuffer.allocate(4).putInt((int) rollOver).array());
        return Arrays.copyOf(mac.doFinal(), TAG);
    }
}
