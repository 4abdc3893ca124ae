package org.consentgateway.sip.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The domains that a certificate bears (RFC 6125 §6.4, RFC 5280 §4.2.1.6), for a connection that is
 * there already: the runtime has looked at one of them in the handshake.
 */
public final class BorneNames {
    private static final int DNS = 2;

    private BorneNames() {}

    /** Whether the peer's certificate bears this domain. */
    public static boolean bears(SSLSession session, String name) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    && bears(certificate, name);
        } catch (SSLPeerUnverifiedException | CertificateParsingException none) {
            return false;
        }
    }

    private static boolean bears(X509Certificate certificate, String name)
            throws CertificateParsingException {
        Collection<List<?>> borne = certificate.getSubjectAlternativeNames();
        return borne != null
                && borne.stream()
                        .anyMatch(each ->
                                each.get(0).equals(DNS) && isDomain((String) each.get(1), name));
    }

    /** An asterisk stands for all of the leftmost label, and for none of the others. */
    private static boolean isDomain(String borne, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String there = borne.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return there.equals(wanted)
                || (there.startsWith("*.") && dot > 0 && there.equals("*" + wanted.substring(dot)));
    }
}
