package org.consentgateway.settings;

import java.net.URI;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.SipUri;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.media.rtp.SourceLock;
import org.consentgateway.settings.receipts.ReceiptsConfig;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.IdentityTrust;
import org.consentgateway.speech.SpeechSettings;

/** Immutable. What is not wrong in a configuration, but should be known: one sentence each. */
public final class Cautions {
    /** Longer than most talks. */
    private static final Duration A_TALK = Duration.ofHours(1);

    /** Of the cores that recognise; with more of them words are understood late. */
    private static final double CORES_TO_LISTEN_WITH = 0.8;

    private Cautions() {}

    /**
     * What only the machine that is to serve can tell.
     *
     * @param cores that it has
     */
    public static List<String> onMachine(GatewayConfig config, int cores) {
        GatewayConfig.Speech speech = config.speech();
        double busy =
                new SpeechSettings.Limits(speech.maxListening(), speech.maxListeningInTalks())
                        .cores();
        int recognise = Math.min(cores, speech.workers());
        if (!speech.enabled() || busy <= CORES_TO_LISTEN_WITH * recognise) {
            return List.of();
        }
        return List.of(
                String.format(
                        Locale.ROOT,
                        "speech.max-listening: %d, and max-listening-in-talks %d: where so many"
                            + " speak, %.1f cores are busy with it, and %d of this machine's %d"
                            + " recognise (speech.workers); answers and withdrawals by words are"
                            + " understood late.",
                        speech.maxListening(),
                        speech.maxListeningInTalks(),
                        busy,
                        recognise,
                        cores));
    }

    public static List<String> of(GatewayConfig config) {
        List<String> cautions = new ArrayList<>();
        for (int i = 0; i < config.trunks().size(); i++) {
            TrunkConfig trunk = config.trunks().get(i);
            if (trunk.srtp() != Srtp.OFF && mayCallInClear(trunk, config)) {
                cautions.add(
                        keysInClear(
                                "trunks[" + i + "].srtp",
                                trunk.srtp(),
                                "sip.listen has addresses without TLS; listen on tls: only, or let"
                                        + " the trunk register by tls"));
            }
            mediaFromAnywhere(trunk, i, cautions);
            numbersOfNobody(trunk, i, cautions);
            byAnyTransport(trunk, config, i, cautions);
        }
        for (int i = 0; i < config.assistants().size(); i++) {
            AssistantConfig target = config.assistants().get(i);
            String at = "assistants[" + i + "]";
            String srtp = at + ".srtp";
            target.uri().ifPresent(uri -> dialled(srtp, target.srtp(), uri, cautions));
            target.more().forEach(one -> dialled(srtp, target.srtp(), one.uri(), cautions));
            if (target.url().filter(url -> !url.secure() && url.leavesThisMachine()).isPresent()) {
                cautions.add(
                        at
                                + ".url: begins with ws: and leaves this machine, so callers'"
                                + " voices travel in clear text; use wss:.");
            }
        }
        for (int i = 0; i < config.assistants().size(); i++) {
            modelWithoutKey(config.assistants().get(i), i, cautions);
        }
        for (int i = 0; i < config.humans().size(); i++) {
            HumanConfig target = config.humans().get(i);
            dialled("humans[" + i + "].srtp", target.srtp(), target.uri(), cautions);
        }
        for (int i = 0; i < config.levels().size(); i++) {
            endsInTalks(config.levels().get(i).validity(), i, cautions);
        }
        for (int i = 0; i < config.lines().size(); i++) {
            neverAsked(config, i, cautions);
            if (config.lines().get(i).remember() == LineConfig.Remember.BASIS) {
                cautions.add(
                        "lines[%d].remember: basis, so whoever calls from a number that has agreed is"
                                        .formatted(i)
                                + " heard by the assistant without being asked.");
            }
        }
        signInsFromOneAddress(config.console(), cautions);
        receiptsFromOneAddress(config.receipts(), cautions);
        return List.copyOf(cautions);
    }

    /** Tries are counted by where they come from. */
    private static void signInsFromOneAddress(
            GatewayConfig.Console console, List<String> cautions) {
        if (isProxied(console.url()) && console.listen().isPresent() && !console.behindProxy()) {
            cautions.add(
                    "console.behind-proxy: false, so all who sign in come from the proxy's address"
                            + " and one who guesses slows down all of them; have the proxy add the"
                            + " visitor's to X-Forwarded-For, then say true.");
        }
    }

    private static void receiptsFromOneAddress(ReceiptsConfig receipts, List<String> cautions) {
        if (isProxied(receipts.url()) && receipts.listen().isPresent() && !receipts.behindProxy()) {
            cautions.add(
                    "receipts.behind-proxy: false, so all visitors come from the proxy's address"
                        + " and one who tries numbers and codes closes the page for all of them;"
                        + " have the proxy add the visitor's to X-Forwarded-For, then say true.");
        }
    }

    private static boolean isProxied(Optional<URI> url) {
        return url.map(URI::getScheme).filter("https"::equals).isPresent();
    }

    /** Descriptions name what address they like; whose it is only media-networks can tell. */
    private static void mediaFromAnywhere(TrunkConfig trunk, int i, List<String> cautions) {
        if (isOutside(trunk) && trunk.mediaNetworks().isEmpty()) {
            cautions.add(
                    "trunks[%d].media-networks: are not told, so a caller whose media is at another"
                                    .formatted(i)
                            + " address than its signalling hears nothing until its first packet"
                            + " has come; with the provider's ranges it hears us at once, and"
                            + " descriptions that name other addresses are refused.");
        }
    }

    /** Whoever hands a call to a network may write any number, and it opens an earlier consent. */
    private static void numbersOfNobody(TrunkConfig trunk, int i, List<String> cautions) {
        if (trunk.attestation() == IdentityTrust.Attestation.GATEWAY) {
            cautions.add(
                    "trunks[%d].attestation: gateway, so a caller counts as known by a number that"
                                    .formatted(i)
                            + " no network vouches for (TN-Validation-Passed-C).");
        }
    }

    private static boolean isOutside(TrunkConfig trunk) {
        return trunk.registration().domain().isPresent()
                || trunk.sources().stream()
                        .map(Cidr::network)
                        .anyMatch(network ->
                                !network.isLoopbackAddress() && !SourceLock.isPrivate(network));
    }

    /** A datagram bears what address its sender likes; a connection proves it. */
    private static void byAnyTransport(
            TrunkConfig trunk, GatewayConfig config, int i, List<String> cautions) {
        boolean both =
                listens(config, ListenAddress.Protocol.UDP)
                        && (listens(config, ListenAddress.Protocol.TCP)
                                || listens(config, ListenAddress.Protocol.TLS));
        if (both && isOutside(trunk) && trunk.transports().isEmpty()) {
            cautions.add(
                    "trunks[%d].transports: are not told, so datagrams that forge its address are"
                                    .formatted(i)
                            + " answered and take places of calls; name those by which it comes,"
                            + " such as [tls], and no other is looked at.");
        }
    }

    private static boolean listens(GatewayConfig config, ListenAddress.Protocol by) {
        return config.sip().listen().stream().anyMatch(each -> each.transport() == by);
    }

    /** Providers of models answer 401 to whoever shows no key, and the caller gets to a human. */
    private static void modelWithoutKey(AssistantConfig assistant, int i, List<String> cautions) {
        SocketConfig socket = assistant.socket();
        boolean model =
                switch (assistant.dialect()) {
                    case OPENAI_REALTIME, GPT_LIVE -> assistant.url().isPresent();
                    case TWILIO, TELNYX, JAMBONZ -> false;
                };
        if (model
                && socket.bearer().isEmpty()
                && socket.bearerFile().isEmpty()
                && socket.bearerCommand().isEmpty()
                && socket.user().isEmpty()) {
            cautions.add(
                    "assistants[%d].socket: shows no key (bearer, bearer-file or bearer-command); a"
                                    .formatted(i)
                            + " provider of models refuses whoever shows none.");
        }
    }

    /** What records, receipts and answers to access requests have to tell and cannot. */
    public static List<String> untold(GatewayConfig config) {
        ProcessingConfig processing = config.processing();
        List<String> asked =
                config.levels().stream().flatMap(l -> l.purposes().stream()).distinct().toList();
        List<String> data =
                asked.stream()
                        .filter(purpose ->
                                processing.purposes().stream()
                                        .noneMatch(one -> one.purpose().equals(purpose)))
                        .toList();
        List<String> recipients =
                asked.stream()
                        .filter(purpose ->
                                processing.recipients().stream()
                                        .noneMatch(one -> one.purposes().contains(purpose)))
                        .toList();
        List<String> cautions = new ArrayList<>();
        if (!data.isEmpty()) {
            cautions.add(
                    "processing.purposes: say nothing of "
                            + String.join(", ", data)
                            + ", so receipts do not tell which data are processed.");
        }
        if (!recipients.isEmpty()) {
            cautions.add(
                    "processing.recipients: nobody for "
                            + String.join(", ", recipients)
                            + "; is it the company itself that runs what hears the callers?");
        }
        return cautions;
    }

    /** A consent that ends during a talk holds to the end of that call. */
    private static void endsInTalks(ValidityPeriod validity, int i, List<String> cautions) {
        if (validity instanceof ValidityPeriod.Lasting(Period period, Duration time)
                && period.isZero()
                && time.compareTo(A_TALK) < 0) {
            cautions.add(
                    "levels[%d].validity: %s is shorter than a talk may be; a consent that ends"
                                    .formatted(i, validity)
                            + " during a talk holds to the end of that call.");
        }
    }

    /** A purpose that no caller can agree to, since the questions end before it. */
    private static void neverAsked(GatewayConfig config, int i, List<String> cautions) {
        LineConfig line = config.lines().get(i);
        List<String> beyond =
                line.levels().stream()
                        .flatMap(id -> config.levels().stream().filter(l -> l.id().equals(id)))
                        .flatMap(level -> level.purposes().stream())
                        .distinct()
                        .skip(1L + line.furtherQuestions())
                        .toList();
        if (line.dialog() == LineConfig.Dialog.LADDER && !beyond.isEmpty()) {
            cautions.add(
                    "lines[%d].further-questions: %d, so nobody is asked for %s."
                            .formatted(i, line.furtherQuestions(), String.join(", ", beyond)));
        }
    }

    private static boolean mayCallInClear(TrunkConfig trunk, GatewayConfig config) {
        boolean registersByTls =
                trunk.registration().domain().isPresent()
                        && trunk.registration().transport()
                                == TrunkConfig.RegistrationTransport.TLS;
        return !registersByTls
                && config.sip().listen().stream()
                        .anyMatch(each -> each.transport() != ListenAddress.Protocol.TLS);
    }

    private static void dialled(String key, Srtp srtp, SipUri uri, List<String> cautions) {
        boolean tls = uri.text().toLowerCase(Locale.ROOT).contains(";transport=tls");
        if (srtp != Srtp.OFF && !tls) {
            cautions.add(
                    keysInClear(
                            key, srtp, "it is not dialled by TLS; add ;transport=tls to its uri"));
        }
    }

    private static String keysInClear(String key, Srtp srtp, String why) {
        String word = srtp.name().toLowerCase(Locale.ROOT);
        return key + ": " + word + ", but the keys may travel in clear text: " + why + ".";
    }
}
