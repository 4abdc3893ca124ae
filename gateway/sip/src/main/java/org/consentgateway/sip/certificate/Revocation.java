package org.consentgateway.sip.certificate;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.ManagerFactoryParameters;

/**
 * Whether certificates of those who connect to us have been revoked, as RFC 5280 §6.3 (lists) and
 * RFC 6960 (OCSP) have it: of the whole path below its root. Immutable.
 *
 * @param check who is asked
 * @param lists files of CRLs, PEM or DER; each authority on a path needs one, where lists count
 * @param responder who is asked by OCSP; empty: whom each certificate names
 * @param softFail whether a certificate counts as good of which nobody can tell; one that is known
 *     to be revoked never does
 */
public record Revocation(Check check, List<Path> lists, Optional<URI> responder, boolean softFail) {
    public static final Revocation UNCHECKED =
            new Revocation(Check.OFF, List.of(), Optional.empty(), false);

    /** Who is asked. */
    public enum Check {
        OFF,
        /** The lists, and nobody over a network. */
        CRL,
        /** A responder; where it gives no answer, the lists, if there are any. */
        OCSP
    }

    public Revocation {
        lists = List.copyOf(lists);
    }

    /** The same where no responder answers. */
    Revocation byListsAlone() {
        return new Revocation(Check.CRL, lists, Optional.empty(), softFail);
    }

    /**
     * What certificates have to pass.
     *
     * @throws IOException if a list cannot be used
     */
    ManagerFactoryParameters demands(KeyStore roots) throws IOException, GeneralSecurityException {
        var checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        Set<PKIXRevocationChecker.Option> options =
                EnumSet.noneOf(PKIXRevocationChecker.Option.class);
        if (check == Check.CRL) {
            options.add(PKIXRevocationChecker.Option.PREFER_CRLS);
        }
        if (check == Check.CRL || lists.isEmpty()) {
            options.add(PKIXRevocationChecker.Option.NO_FALLBACK);
        }
        if (softFail) {
            options.add(PKIXRevocationChecker.Option.SOFT_FAIL);
        }
        checker.setOptions(options);
        responder.ifPresent(checker::setOcspResponder);
        var demands = new PKIXBuilderParameters(roots, new X509CertSelector());
        List<CRL> all = new ArrayList<>();
        for (Path file : lists) {
            all.addAll(read(file));
        }
        demands.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
        demands.addCertPathChecker(checker);
        return new CertPathTrustManagerParameters(demands);
    }

    /**
     * @throws IOException what is wrong with the file, to complete "FILE …"
     */
    public static List<X509CRL> read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            List<X509CRL> lists = new ArrayList<>();
            for (CRL each : CertificateFactory.getInstance("X.509").generateCRLs(in)) {
                lists.add((X509CRL) each);
            }
            if (lists.isEmpty()) {
                throw new IOException("holds no list of revoked certificates (X509 CRL)");
            }
            return lists;
        } catch (NoSuchFileException missing) {
            throw new IOException("is not there", missing);
        } catch (CRLException | CertificateException notOne) {
            throw new IOException("holds no list of revoked certificates (X509 CRL)", notOne);
        }
    }
}
