package org.consentgateway.sip.screen;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * What an INVITE, its repetitions and the ACK to its refusal have in common (RFC 3261 §17.2.3),
 * hashed with a secret of this process. Immutable.
 *
 * @param tag the To tag of a stateless answer: the same for each repetition (§8.2.7)
 * @param key to remember it by
 */
public record InviteIdentity(String tag, long key) {
    private static final byte[] SECRET = new byte[16];

    static {
        new SecureRandom().nextBytes(SECRET);
    }

    /**
     * @param fromTag empty if there is none
     * @param sequence the number of the CSeq
     */
    public static InviteIdentity of(String callId, String fromTag, String branch, String sequence) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(SECRET);
            for (String part : new String[] {callId, fromTag, branch, sequence}) {
                digest.update(part.getBytes(StandardCharsets.ISO_8859_1));
                digest.update((byte) 0);
            }
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new InviteIdentity(Long.toUnsignedString(hash.getLong(), 36), hash.getLong());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Null if the request lacks what is needed. */
    public static @Nullable InviteIdentity of(MessageHead head) {
        String from = head.from();
        String callId = head.callId();
        String cseq = head.cseq();
        if (head.vias().isEmpty() || from == null || callId == null || cseq == null) {
            return null;
        }
        String fromTag = MessageHead.tag(from);
        return of(
                callId,
                fromTag == null ? "" : fromTag,
                TopVia.of(head.vias().getFirst()).branch(),
                sequence(cseq));
    }

    private static String sequence(String cseq) {
        int end = 0;
        while (end < cseq.length() && Character.isDigit(cseq.charAt(end))) {
            end++;
        }
        return cseq.substring(0, end);
    }
}
