package org.consentgateway.trial.call;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.Playback;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.sip.auth.ClientLogin;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.trial.Observation;
import org.consentgateway.trial.TrialConsent;
import org.consentgateway.trial.TrialTokenSource;
import org.consentgateway.trial.TrialTokenSource.Reaction;

/**
 * Confined to the thread that runs it. Calls to somebody's SIP assistant as the gateway makes them,
 * by the gateway's own SIP and RTP, with a caller made of recorded speech, and a list of what the
 * assistant does wrong.
 */
public final class SipTrial implements AutoCloseable {
    private static final Duration MEDIA_LOST = Duration.ofSeconds(5);

    static final String LINE = "+4930123456";

    private final Whom whom;
    private final TrialTokenSource tokens;
    private final AudioClip speech;
    private final LongSupplier nanos;
    private final SipEndpoint sip;
    private final MediaEngine media;

    /**
     * Immutable. Who is tried.
     *
     * @param uri SIP URI
     * @param ring how long it may ring
     * @param login where it asks for a password
     * @param tls for one that is reached over TLS
     */
    public record Whom(String uri, Duration ring, Optional<ClientLogin> login, Srtp srtp, Tls tls) {
        boolean secure() {
            return uri.toLowerCase(Locale.ROOT).contains(";transport=tls");
        }
    }

    private SipTrial(
            Whom whom, TrialTokenSource tokens, AudioClip speech, LongSupplier nanos, Where where)
            throws IOException {
        this.whom = whom;
        this.tokens = tokens;
        this.speech = speech;
        this.nanos = nanos;
        String host = where.from().getHostAddress();
        var listen = new ArrayList<SipSettings.Listen>();
        listen.add(new SipSettings.Listen(Transport.UDP, host, 0));
        listen.add(new SipSettings.Listen(Transport.TCP, host, 0));
        if (whom.secure()) {
            listen.add(SipSettings.Listen.dialling(Transport.TLS, host));
        }
        this.sip =
                SipEndpoint.start(
                        SipSettings.usual(listen, "consent-gateway-trial", List.of())
                                .with(whom.tls()),
                        CallHandler.none(),
                        nanos);
        this.media =
                MediaEngine.start(
                        new MediaSettings(
                                where.from(),
                                where.firstPort(),
                                where.lastPort(),
                                Duration.ofSeconds(2),
                                MEDIA_LOST,
                                1));
    }

    /**
     * Immutable. Where the trial itself is.
     *
     * @param from an address of this machine that the assistant reaches
     * @param firstPort of its media; those that are taken are passed over
     */
    public record Where(InetAddress from, int firstPort, int lastPort) {}

    /**
     * @param tokens that it is to believe
     * @param speech what the caller says
     * @param nanos monotonic
     */
    public static SipTrial open(
            Whom whom, Where where, TrialTokenSource tokens, AudioClip speech, LongSupplier nanos)
            throws IOException {
        return new SipTrial(whom, tokens, speech, nanos, where);
    }

    /** Immutable. A call that has been placed. */
    record Placed(TrialCall call, OutgoingCall dialog, MediaLeg leg, TrialConsent consent) {}

    /** A whole call, after one with each wrong token. Waits, for some minutes at most. */
    public List<Observation> run() throws InterruptedException, PortsExhaustedException {
        List<Observation> findings = new ArrayList<>();
        for (TrialTokenSource.Wrong each : tokens.wrong()) {
            findings.add(each.seen(reactionTo(each.consent())));
        }
        Placed placed = place(tokens.right());
        try {
            findings.addAll(new SipTalk(whom, placed, tokens, speech, media::totals, sip).run());
        } finally {
            placed.leg().close();
        }
        return findings;
    }

    private Placed place(TrialConsent consent) throws PortsExhaustedException {
        MediaLeg leg = media.open();
        var call = new TrialCall(leg, nanos);
        var dial =
                new OutgoingCall.Dial(
                        whom.uri(),
                        LINE,
                        consent.headers(),
                        LocalMedia.ofAudio(leg.local()),
                        Codec.all().getFirst(),
                        false,
                        "",
                        LINE,
                        whom.login(),
                        whom.srtp(),
                        Set.of());
        return new Placed(call, sip.dial(dial, call), leg, consent);
    }

    private Reaction reactionTo(TrialConsent wrong)
            throws InterruptedException, PortsExhaustedException {
        Placed placed = place(wrong);
        TrialCall call = placed.call();
        try {
            boolean _ = call.until(call::isSettled, whom.ring());
            Reaction reaction = call.isAnswered() ? listen(placed) : Reaction.REFUSES;
            placed.dialog().hangUp(IncomingCall.Ending.NORMAL);
            return reaction;
        } finally {
            placed.leg().close();
        }
    }

    /** As patient as in the right call: it may greet late, or wait until it is spoken to. */
    private Reaction listen(Placed placed) throws InterruptedException {
        TrialCall call = placed.call();
        if (!reacts(call, SipTalk.GREETING)) {
            Playback _ = placed.leg().play(List.of(speech), false);
            boolean _ = reacts(call, Duration.ofMillis(speech.millis()).plus(SipTalk.ANSWER));
        }
        if (call.sounds()) {
            return Reaction.TALKS;
        }
        return call.isOver() ? Reaction.REFUSES : Reaction.KEEPS_SILENT;
    }

    private static boolean reacts(TrialCall call, Duration patience) throws InterruptedException {
        return call.until(() -> call.sounds() || call.isOver(), patience);
    }

    @Override
    public void close() {
        sip.close();
        media.close();
    }
}
