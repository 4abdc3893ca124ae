package org.consentgateway.sip.certificate;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Nobody can tell whether a certificate is revoked, and without an answer it is not believed. */
public final class RevocationUnknown extends CertificateException {
    private static final long serialVersionUID = 1;

    RevocationUnknown(String message) {
        super(message);
    }

    /** Whether that is why a handshake has failed, by us or by what the runtime has asked. */
    public static boolean isCauseOf(Throwable failed) {
        for (@Nullable Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof RevocationUnknown
                    || (each instanceof CertPathValidatorException invalid
                            && invalid.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS)) {
                return true;
            }
        }
        return false;
    }
}
