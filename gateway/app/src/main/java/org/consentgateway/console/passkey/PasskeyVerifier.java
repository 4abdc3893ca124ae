package org.consentgateway.console.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Whether what a browser brings is what its device has signed for us (WebAuthn §7.1,
 * §7.2): this site, this challenge, a person whom the device has made sure of.
 */
final class PasskeyVerifier {
    /** Ed25519, P-256 and RSA with SHA-256: what devices have. */
    static final List<COSEAlgorithmIdentifier> ALGORITHMS =
            List.of(
                    COSEAlgorithmIdentifier.EdDSA,
                    COSEAlgorithmIdentifier.ES256,
                    COSEAlgorithmIdentifier.RS256);

    private final Origin origin;
    private final String site;
    private final ObjectConverter converter = new ObjectConverter();
    private final AttestedCredentialDataConverter keys =
            new AttestedCredentialDataConverter(converter);

    /** Of whom a device comes does not matter: no attestation is asked for. */
    private final WebAuthnManager manager =
            WebAuthnManager.createNonStrictWebAuthnManager(converter);

    /**
     * @param console by which browsers reach it
     */
    PasskeyVerifier(URI console) {
        this.origin = Origin.create(console.getScheme() + "://" + console.getAuthority());
        this.site = console.getHost();
    }

    /** To which keys belong (RP ID). */
    String site() {
        return site;
    }

    /** A new key. */
    record Made(String id, String key, Passkey.State state) {}

    /**
     * @param response the browser's, as JSON (WebAuthn §5.1.3)
     */
    Made made(String response, byte[] challenge) throws PasskeyRefused {
        try {
            RegistrationData data = manager.parseRegistrationResponseJSON(response);
            manager.verify(
                    data,
                    new RegistrationParameters(
                            expected(challenge),
                            ALGORITHMS.stream()
                                    .map(each ->
                                            new PublicKeyCredentialParameters(
                                                    PublicKeyCredentialType.PUBLIC_KEY, each))
                                    .toList(),
                            true,
                            true));
            AuthenticatorData<?> device =
                    Objects.requireNonNull(data.getAttestationObject()).getAuthenticatorData();
            AttestedCredentialData key = Objects.requireNonNull(device.getAttestedCredentialData());
            return new Made(text(key.getCredentialId()), text(keys.convert(key)), state(device));
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /** What a browser says that a device has signed; nothing of it is believed yet. */
    record Shown(String id, String handle, AuthenticationData data) {}

    Shown shown(String response) throws PasskeyRefused {
        try {
            AuthenticationData data = manager.parseAuthenticationResponseJSON(response);
            return new Shown(text(data.getCredentialId()), text(data.getUserHandle()), data);
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /**
     * Also that its count has gone on, where it counts: else there are two of it.
     *
     * @return what the device says of the key now
     */
    Passkey.State signed(Shown shown, Passkey key, byte[] challenge) throws PasskeyRefused {
        try {
            var known =
                    new CredentialRecordImpl(
                            new NoneAttestationStatement(),
                            true,
                            key.state().backupEligible(),
                            key.state().backedUp(),
                            key.state().count(),
                            keys.convert(Base64.getUrlDecoder().decode(key.key())),
                            null,
                            null,
                            null,
                            null);
            manager.verify(
                    shown.data(),
                    new AuthenticationParameters(expected(challenge), known, null, true, true));
            return state(Objects.requireNonNull(shown.data().getAuthenticatorData()));
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    private ServerProperty expected(byte[] challenge) {
        return ServerProperty.builder()
                .origin(origin)
                .rpId(site)
                .challenge(new DefaultChallenge(challenge))
                .build();
    }

    private static Passkey.State state(AuthenticatorData<?> device) {
        return new Passkey.State(device.getSignCount(), device.isFlagBE(), device.isFlagBS());
    }

    /**
     * Whatever the library throws at what a stranger has sent: its own exceptions, those of its
     * JSON and CBOR. Only the kind of it is told, since a message may have in it what was sent.
     */
    private static PasskeyRefused refused(RuntimeException e) {
        return new PasskeyRefused("passkey: " + e.getClass().getSimpleName());
    }

    private static String text(byte @Nullable [] octets) {
        return octets == null ? "" : Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
