package org.consentgateway.testkit.attack;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import org.consentgateway.testkit.SrtpStream;

/** What an attack says of its media: G.711 at an address, in the clear or as SRTP. Immutable. */
enum Description {
    RTP {
        @Override
        String at(String host, int port) {
            return lines(host, port, "RTP/AVP");
        }
    },
    /** Its key is in the description (RFC 4568), one for all of this process. */
    SRTP {
        @Override
        String at(String host, int port) {
            return lines(host, port, "RTP/SAVP")
                    + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"
                    + Base64.getEncoder().encodeToString(KEY)
                    + "\r\n";
        }
    };

    private static final byte[] KEY = new byte[SrtpStream.KEY];

    static {
        new SecureRandom().nextBytes(KEY);
    }

    /**
     * @param host an address
     */
    abstract String at(String host, int port);

    private static String lines(String host, int port, String profile) {
        return "v=0\r\no=- 1 1 IN %1$s\r\ns=-\r\nc=IN %1$s\r\nt=0 0\r\nm=audio %2$d %3$s 8\r\n"
                .formatted(Ip.described(host), port, profile);
    }

    /** What seals packets as the description says. */
    static SrtpStream sealing() throws GeneralSecurityException {
        return new SrtpStream(KEY);
    }
}
