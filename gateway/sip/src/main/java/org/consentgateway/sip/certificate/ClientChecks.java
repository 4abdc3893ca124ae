package org.consentgateway.sip.certificate;

import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Who says of a certificate of somebody who connects whether it is believed. Immutable. A responder
 * that takes a question and gives no answer would hold a handshake for as long as the runtime
 * waits, 15 s for each certificate of the path. It has half of the time that the handshake has
 * left; then it counts as one that cannot be reached, and there is time for the rest of the
 * handshake. But who holds back a certificate until there is hardly any time is not let in without
 * an answer: else a revoked one would be believed by being late.
 *
 * @param by who is asked
 * @param silent who says it where that one gives no answer in time: by the lists, or nobody; empty:
 *     it is waited for, since nobody is asked over a network
 */
record ClientChecks(X509ExtendedTrustManager by, Optional<Silent> silent) {
    /** A responder that had less of the whole handshake than its part in so many is not silent. */
    private static final int FAIR = 4;

    /**
     * @param otherwise empty: whoever nobody can tell of is not let in
     */
    record Silent(Optional<X509ExtendedTrustManager> otherwise) {}

    /** A certificate, and how it came. */
    interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    void check(Check check) throws CertificateException {
        if (silent.isEmpty()) {
            check.by(by);
            return;
        }
        long given = HandshakeTime.left() / 2;
        if (isAnswered(check, given)) {
            return;
        }
        if (given < HandshakeTime.all() / FAIR) {
            throw new CertificateException("no time was left for the OCSP responder");
        }
        check.by(
                silent.get()
                        .otherwise()
                        .orElseThrow(
                                () -> new RevocationUnknown("the OCSP responder gives no answer")));
    }

    /**
     * @param given milliseconds
     * @return false where there was no answer in time
     * @throws CertificateException where it is not believed
     */
    private boolean isAnswered(Check check, long given) throws CertificateException {
        FutureTask<Boolean> asked =
                new FutureTask<>(() -> {
                    check.by(by);
                    return true;
                });
        Thread.ofVirtual().name("ocsp").start(asked);
        try {
            return asked.get(given, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            asked.cancel(true);
            return false;
        } catch (ExecutionException refused) {
            throw new CertificateException(refused.getCause());
        } catch (InterruptedException stopped) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
            throw new CertificateException("no answer is waited for any more", stopped);
        }
    }
}
