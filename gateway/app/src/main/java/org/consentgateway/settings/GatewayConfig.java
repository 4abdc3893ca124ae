package org.consentgateway.settings;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.consentgateway.cdr.CdrFormat;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.Dscp;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.JdbcUrl;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Setting;
import org.consentgateway.config.ValueType;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.settings.compliance.ComplianceConfig;
import org.consentgateway.settings.experiment.ExperimentConfig;
import org.consentgateway.settings.nodes.NodeConfig;
import org.consentgateway.settings.oidc.OidcConfig;
import org.consentgateway.settings.oidc.SignInConfig;
import org.consentgateway.settings.receipts.ReceiptsConfig;
import org.consentgateway.settings.report.ReportsConfig;
import org.consentgateway.settings.witness.WitnessConfig;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.speech.SecondOpinion;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.target.CallerShown;

/**
 * Immutable. All that can be configured; {@code config/gateway.yaml} says each key in words. A key
 * is a component's name in kebab case ({@code first-input}). Checked as a whole before any socket
 * opens, so nothing here is wrong by itself or in relation.
 *
 * <p>Some things have no key, on purpose: consent is opt-in, the disclosure is spoken on every
 * call, no audio passes before the durable grant, and withdrawing stops first.
 */
public record GatewayConfig(
        NodeConfig node,
        Sip sip,
        Media media,
        Limits limits,
        Store store,
        Retention retention,
        ProcessingConfig processing,
        ComplianceConfig compliance,
        Web web,
        Tokens tokens,
        Api api,
        Console console,
        ReceiptsConfig receipts,
        Messages messages,
        Cdr cdr,
        Traces traces,
        WebhookConfig webhooks,
        ReportsConfig reports,
        Log log,
        Speech speech,
        Prompts prompts,
        Notices notices,
        Lexicon lexicon,
        Languages languages,
        @Setting(example = "[{name: …, sources: […]}]", atLeast = "1") List<TrunkConfig> trunks,
        @Setting(byDefault = "[]", example = "[{name: …, uri: …}]")
                List<AssistantConfig> assistants,
        @Setting(byDefault = "[]", example = "[{name: …, uri: …}]") List<HumanConfig> humans,
        @Setting(example = "[{id: …, purposes: […]}]", atLeast = "1") List<LevelConfig> levels,
        @Setting(example = "[{name: …, numbers: […], notice: …, levels: […]}]", atLeast = "1")
                List<LineConfig> lines,
        @Setting(
                        byDefault = "[]",
                        example = "[{name: …, line: …, language: …, version: …}]",
                        atMost = "50")
                List<ExperimentConfig> experiments,
        Drain drain,
        Demo demo) {

    /** What the parts read by themselves, so that it is parsed once. */
    public static final List<ValueType<?>> VALUES =
            List.of(
                    new ValueType<>(
                            Cidr.class,
                            "an address or range such as 192.0.2.7, 192.0.2.0/24 or ::1",
                            Cidr::parse),
                    new ValueType<>(
                            ValidityPeriod.class,
                            "a time such as P12M, P30D, PT12H, or call (this call only)",
                            ValidityPeriod::parse),
                    new ValueType<>(
                            CallerShown.class,
                            "never, pseudonym or with-purpose and a purpose, such as with-purpose"
                                    + " caller-number",
                            CallerShown::parse));

    /**
     * @param home where relative paths in the file start
     * @throws WrongConfiguration with all that is wrong at once
     */
    public static GatewayConfig load(Path file, Path home) throws WrongConfiguration {
        return ConfigFile.read(file, home, GatewayConfig.class, VALUES, GatewayRules::check);
    }

    /**
     * Also asks whether this machine can serve it.
     *
     * @param home where relative paths in the file start
     * @throws WrongConfiguration with all that is wrong at once
     */
    public static GatewayConfig loadToServe(Path file, Path home) throws WrongConfiguration {
        return ConfigFile.read(
                file,
                home,
                GatewayConfig.class,
                VALUES,
                (config, complaints) -> {
                    GatewayRules.check(config, complaints);
                    MachineRules.check(config, complaints);
                });
    }

    /**
     * The same, where a gateway is running by another reading of the file.
     *
     * @param mixed what would be in force then: new values beside old ones that need a restart
     * @throws WrongConfiguration with all that is wrong at once, in the file or in that mixture
     */
    public static GatewayConfig loadAgain(Path file, Path home, UnaryOperator<GatewayConfig> mixed)
            throws WrongConfiguration {
        return ConfigFile.read(
                file,
                home,
                GatewayConfig.class,
                VALUES,
                (config, complaints) -> {
                    GatewayRules.check(config, complaints);
                    MachineRules.check(config, complaints);
                    GatewayRules.check(
                            mixed.apply(config),
                            (key, wrong, right) ->
                                    complaints.about(
                                            key,
                                            "does not go with what would change at a restart only: "
                                                    + wrong,
                                            ""));
                });
    }

    /**
     * @param advertisedAddress told in Via and Contact where it is not the one listened on (NAT);
     *     counts for the listening addresses of its own family, IPv4 or IPv6
     * @param nameServers asked for NAPTR, SRV and addresses (RFC 3263); empty: this machine's
     * @param keepAlive between two OPTIONS to whom we call; zero: nobody is asked
     * @param emergencyNumbers refused at once, for the network to route elsewhere; never a line, an
     *     assistant or a human
     * @param maxMessageBytes larger messages are dropped and counted
     * @param dscp of the messages sent
     */
    public record Sip(
            @Setting(
                            byDefault = "[udp:0.0.0.0:5060, tcp:0.0.0.0:5060]",
                            example = "[udp:0.0.0.0:5060, tcp:0.0.0.0:5060]",
                            atLeast = "1")
                    List<ListenAddress> listen,
            @Setting(byDefault = "", example = "203.0.113.10")
                    Optional<InetAddress> advertisedAddress,
            @Setting(
                            byDefault = "consent-gateway",
                            form = "[A-Za-z0-9._/ -]{1,60}",
                            formInWords = "a short word without special characters")
                    String userAgent,
            @Setting(byDefault = "[]", example = "[192.0.2.53:53]") List<HostPort> nameServers,
            @Setting(byDefault = "30s", atLeast = "0s", atMost = "1h") Duration keepAlive,
            @Setting(
                            byDefault = "[\"110\", \"112\", \"116117\"]",
                            form = "[0-9]{2,8}",
                            formInWords = "digits such as \"112\"")
                    List<String> emergencyNumbers,
            @Setting(byDefault = "16384", atLeast = "2048", atMost = "65507") int maxMessageBytes,
            @Setting(byDefault = "cs3") Dscp dscp,
            Hep hep,
            TlsConfig tls) {}

    /**
     * Masked copies of SIP messages for Homer and the like (HEP version 3).
     *
     * @param collector takes them by UDP; none: there are none
     * @param agent number by which it knows this node
     * @param password shown to it in the clear, as HEP has it
     */
    public record Hep(
            @Setting(byDefault = "", example = "192.0.2.40:9060") Optional<HostPort> collector,
            @Setting(byDefault = "2001", atLeast = "1") int agent,
            @Setting(byDefault = "", example = "secret") Optional<Secret> password) {}

    /**
     * @param address RTP sockets are bound to
     * @param silenceAfter without a packet or a report (RTCP), the caller's media counts as lost;
     *     and a far end in twice that time, where nothing has ever come from there, or where it is
     *     an assistant over SIP whose sound and reports have both ended
     * @param quarantine a used port pair rests so long, so that a late packet meets nobody
     * @param opusLegs that are coded in Opus at once; those above are offered it no more
     * @param dscp of the packets sent
     */
    public record Media(
            @Setting(byDefault = "127.0.0.1") InetAddress address,
            @Setting(byDefault = "", example = "203.0.113.10")
                    Optional<InetAddress> advertisedAddress,
            Ports ports,
            @Setting(byDefault = "10s", atLeast = "0s", atMost = "10m") Duration quarantine,
            @Setting(byDefault = "15s", atLeast = "1s", atMost = "10m") Duration silenceAfter,
            @Setting(byDefault = "40", atLeast = "0", atMost = "1000") int opusLegs,
            @Setting(byDefault = "ef") Dscp dscp) {}

    /** RTP takes the even ports, RTCP the odd one above. */
    public record Ports(
            @Setting(byDefault = "20000", atLeast = "1024", atMost = "65534") int first,
            @Setting(byDefault = "23999", atLeast = "1025", atMost = "65535") int last) {}

    /**
     * @param calls at once; the next gets 503
     * @param invitesPerSecondPerSource new calls of one address in a second, and at once; those
     *     above get 503
     * @param requestsPerSecondPerSource other requests that belong to no call, and malformed
     *     messages, of one address in a second, and at once; those above get no answer
     * @param unacknowledgedPerTrunk calls of one trunk at once whose ACK is still to come; for one
     *     more the oldest is given up
     * @param busyPercent of all cores by the gateway, above which new calls get 503; 100: never
     * @param audioLag that audio may go out late; above it new calls get 503
     * @param retryAfter told with the 503
     * @param validity the longest that a consent may hold
     */
    public record Limits(
            @Setting(byDefault = "400", atLeast = "1", atMost = "10000") int calls,
            @Setting(byDefault = "400", atLeast = "1", atMost = "10000") int callsPerLine,
            @Setting(byDefault = "100", atLeast = "1", atMost = "100000")
                    int invitesPerSecondPerSource,
            @Setting(byDefault = "50", atLeast = "1", atMost = "100000")
                    int requestsPerSecondPerSource,
            @Setting(byDefault = "32", atLeast = "1", atMost = "10000") int unacknowledgedPerTrunk,
            Tcp tcp,
            @Setting(byDefault = "90", atLeast = "10", atMost = "100") int busyPercent,
            @Setting(byDefault = "100ms", atLeast = "20ms", atMost = "10s") Duration audioLag,
            @Setting(byDefault = "30s", atLeast = "1s", atMost = "1h") Duration retryAfter,
            @Setting(byDefault = "P2Y") Period validity) {}

    /**
     * Connections others make to us, by TCP and TLS together.
     *
     * @param connections held at once; those above are closed
     * @param connectionsPerSource of one address
     * @param handshake of TLS, which takes no longer in all
     * @param idle a connection on which nothing comes for so long is closed
     */
    public record Tcp(
            @Setting(byDefault = "1000", atLeast = "1", atMost = "100000") int connections,
            @Setting(byDefault = "100", atLeast = "1", atMost = "100000") int connectionsPerSource,
            @Setting(byDefault = "5s", atLeast = "1s", atMost = "30s") Duration handshake,
            @Setting(byDefault = "10m", atLeast = "10s", atMost = "1d") Duration idle) {}

    /**
     * @param keys directory of the secret and signing keys, apart from the database on purpose
     * @param origin domain that the logs are named by; empty for a name that others have, too
     * @param tiles directory in which the log is kept as static files as well
     * @param archive directory of what {@code ledger archive} takes out of the store
     * @param witnesses who cosigns each checkpoint
     * @param quorum how many of them have to, for verifiers to believe it
     * @param commitTimeout a caller waits no longer for the record; then there is no grant
     * @param location country the store stands in, told in records and receipts
     */
    public record Store(
            @Setting(byDefault = "jdbc:sqlite:data/ledger.db") JdbcUrl url,
            @Setting(byDefault = "data/keys") Path keys,
            @Setting(
                            byDefault = "",
                            example = "consent.example.com",
                            form = "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}",
                            formInWords = "a domain of yours, such as consent.example.com")
                    Optional<String> origin,
            Checkpoints checkpoints,
            @Setting(byDefault = "", example = "data/tiles") Optional<Path> tiles,
            @Setting(byDefault = "", example = "data/archive") Optional<Path> archive,
            @Setting(byDefault = "[]", example = "[{name: auditor, url: …, key: …}]", atMost = "16")
                    List<WitnessConfig> witnesses,
            @Setting(
                            byDefault = "all",
                            form = "all|[1-9][0-9]?",
                            formInWords = "all, or a number of them")
                    String quorum,
            @Setting(byDefault = "2s", atLeast = "100ms", atMost = "10s") Duration commitTimeout,
            @Setting(
                            byDefault = "DE",
                            form = "[A-Z]{2}",
                            formInWords = "a country by ISO 3166-1, such as DE")
                    String location,
            @Setting(byDefault = "512", atLeast = "16", atMost = "1000000") int lowDisk) {}

    /**
     * How long records are kept that are no consent; nothing goes before what it refers to.
     *
     * @param served what was played, in a call without a consent
     * @param events of a consent: who was connected and cut off, withdrawal, expiry
     * @param callBacks a number to be called back at, done or not
     * @param complaints with the number left for an answer
     */
    public record Retention(
            @Setting(byDefault = "P30D") Period served,
            @Setting(byDefault = "P30D") Period unanswered,
            @Setting(byDefault = "P30D") Period refused,
            @Setting(byDefault = "P3Y") Period events,
            @Setting(byDefault = "P14D") Period callBacks,
            @Setting(byDefault = "P6M") Period complaints) {}

    /** A checkpoint is signed after so many entries or so long, whichever comes first. */
    public record Checkpoints(
            @Setting(byDefault = "1000", atLeast = "1", atMost = "1000000") int entries,
            @Setting(byDefault = "60s", atLeast = "1s", atMost = "1d") Duration interval,
            @Setting(byDefault = "data/checkpoints") Path export) {}

    /**
     * @param hosts names with a dot by which operators' pages are asked for; others are refused,
     *     since any name can be made to lead here
     */
    public record Web(
            @Setting(byDefault = "127.0.0.1:8080") HostPort listen,
            @Setting(
                            byDefault = "[]",
                            example = "[gateway.example.com]",
                            form = "[A-Za-z0-9.-]{1,253}",
                            formInWords = "names without a port, such as gateway.example.com")
                    List<String> hosts) {}

    /**
     * Consents as assistants can check them (JWS, RFC 7515).
     *
     * @param issuer URL that leads here, under which assistants find keys and status; none: {@code
     *     http://} and where {@code web} listens
     * @param listen a door of its own for that; none: only {@code web}'s
     * @param algorithm of the next key
     * @param lifetime of a token, should its call last that long
     */
    public record Tokens(
            @Setting(byDefault = "", example = "https://consent.example.com") Optional<URI> issuer,
            @Setting(byDefault = "", example = "0.0.0.0:8081") Optional<HostPort> listen,
            @Setting(byDefault = "es256") JwsKey.Algorithm algorithm,
            @Setting(byDefault = "4h", atLeast = "5m", atMost = "12h") Duration lifetime) {}

    /**
     * What other systems may ask and do over HTTP.
     *
     * @param listen none: nothing
     * @param clearText whether it may be reached from other machines without TLS before it
     * @param requestsPerSecond of each key, and so many at once
     * @param oidc whose tokens are taken beside our keys
     */
    public record Api(
            @Setting(byDefault = "", example = "127.0.0.1:8082") Optional<HostPort> listen,
            @Setting(byDefault = "false") boolean clearText,
            @Setting(byDefault = "50", atLeast = "1", atMost = "10000") int requestsPerSecond,
            OidcConfig oidc) {}

    /**
     * Web pages for those who answer for the gateway.
     *
     * @param listen none: there are none
     * @param url by which browsers reach them through a proxy with TLS
     * @param behindProxy whether X-Forwarded-For has the visitor's address as its last
     * @param accounts file that scripts/gateway console-account writes
     * @param passkeys file in which the console keeps the public keys of people's devices
     * @param idle somebody who does nothing is signed out after
     * @param longest everybody is signed out after
     * @param help folder of the guides, with a folder for each language
     * @param oidc by whose accounts people sign in, beside those of the gateway
     */
    public record Console(
            @Setting(byDefault = "", example = "127.0.0.1:8083") Optional<HostPort> listen,
            @Setting(byDefault = "", example = "https://consent.example.com") Optional<URI> url,
            @Setting(byDefault = "false") boolean behindProxy,
            @Setting(byDefault = "data/console-accounts.json") Path accounts,
            @Setting(byDefault = "data/console-passkeys.json") Path passkeys,
            @Setting(byDefault = "15m", atLeast = "1m", atMost = "1h") Duration idle,
            @Setting(byDefault = "8h", atLeast = "5m", atMost = "12h") Duration longest,
            @Setting(byDefault = "config/console/help") Path help,
            SignInConfig oidc) {}

    /**
     * Text messages to callers who ask for the address of the information.
     *
     * @param url is posted each; none: none are offered
     * @param token shown to it as a bearer token, here or in the first line of a file
     * @param texts by language
     */
    public record Messages(
            @Setting(byDefault = "", example = "https://sms.example/send") Optional<URI> url,
            @Setting(byDefault = "", example = "secret") Optional<Secret> token,
            @Setting(byDefault = "", example = "/etc/consent-gateway/sms.token")
                    Optional<Path> tokenFile,
            @Setting(byDefault = "{}", example = "{de: \"Datenschutz: https://…\"}")
                    Map<String, String> texts) {}

    /**
     * Call detail records: a line per call.
     *
     * @param directory none: none are written
     * @param formats a file each
     * @param maxMegabytes of one file; then a further one is begun
     * @param keep files of days before are deleted
     * @param caller what they say of who called
     */
    public record Cdr(
            @Setting(byDefault = "", example = "data/cdr") Optional<Path> directory,
            @Setting(byDefault = "[json]", example = "[json, csv]", atLeast = "1")
                    List<CdrFormat> formats,
            @Setting(byDefault = "100", atLeast = "1", atMost = "10000") int maxMegabytes,
            @Setting(byDefault = "P90D") Period keep,
            @Setting(byDefault = "never") CdrCaller caller) {}

    /**
     * One trace per call, for a collector of OpenTelemetry.
     *
     * @param endpoint takes OTLP over HTTP; none: no traces are made
     */
    public record Traces(
            @Setting(byDefault = "", example = "http://127.0.0.1:4318/v1/traces")
                    Optional<URI> endpoint) {}

    /** What a call detail record says of who called; a number is never there. */
    public enum CdrCaller {
        NEVER,
        PSEUDONYM
    }

    /**
     * @param level what of our own is told
     */
    public record Log(
            @Setting(byDefault = "text") LogFormat format,
            @Setting(byDefault = "info") LogLevel level) {}

    /** How much is logged: what is named, and what is graver. */
    public enum LogLevel {
        DEBUG,
        INFO,
        WARN
    }

    /** How log lines are written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /**
     * @param models language to {@code bundled} or a model's directory
     * @param verify language to what becomes of a yes that the verifier doubts; as shipped where a
     *     language is not named
     * @param workers native threads that recognise
     * @param maxListening callers listened to at once while they are asked; those beyond are asked
     *     for keys
     * @param maxListeningInTalks the same while they talk, for the words that withdraw; those
     *     beyond are told of the keys alone
     */
    public record Speech(
            @Setting(byDefault = "true") boolean enabled,
            @Setting(byDefault = "{de: bundled, en: bundled}", example = "{de: bundled}")
                    Map<String, String> models,
            @Setting(byDefault = "{de: ask, en: require}", example = "{en: require}")
                    Map<String, SecondOpinion> verify,
            @Setting(byDefault = "2", atLeast = "1", atMost = "64") int workers,
            @Setting(
                            byDefault = "" + SpeechSettings.Limits.DEFAULT_QUESTIONS,
                            atLeast = "1",
                            atMost = "10000")
                    int maxListening,
            @Setting(
                            byDefault = "" + SpeechSettings.Limits.DEFAULT_TALKS,
                            atLeast = "0",
                            atMost = "10000")
                    int maxListeningInTalks) {}

    /**
     * @param synthesis speaks texts without a recording, at start, never inside a call
     */
    public record Prompts(
            @Setting(byDefault = "config/prompts") Path directory,
            @Setting(byDefault = "data/prompts") Path cache,
            @Setting(byDefault = "off") Synthesis synthesis) {}

    /** What speaks a text that nobody has recorded. */
    public enum Synthesis {
        OFF,
        FREETTS,
        ESPEAK_NG
    }

    public record Notices(@Setting(byDefault = "config/notices") Path directory) {}

    public record Lexicon(@Setting(byDefault = "config/lexicon") Path directory) {}

    public record Languages(@Setting(byDefault = "config/languages") Path directory) {
        /** The words of answers to access requests, a file per language. */
        public Path answers() {
            return directory.resolve("answers");
        }
    }

    /**
     * @param limit how long running calls may go on after the signal to end
     */
    public record Drain(
            @Setting(byDefault = "10m", atLeast = "0s", atMost = "12h") Duration limit) {}

    /**
     * @param agents whether an assistant and a human of our own answer on loopback; they mark a
     *     demonstration, in which alone the example company may be spoken
     * @param assistantPort by SIP; 0 takes any free one
     * @param socketPort the same assistant's, behind a WebSocket
     */
    public record Demo(
            @Setting(byDefault = "false") boolean agents,
            @Setting(byDefault = "5070", atLeast = "0", atMost = "65535") int assistantPort,
            @Setting(byDefault = "5071", atLeast = "0", atMost = "65535") int humanPort,
            @Setting(byDefault = "5072", atLeast = "0", atMost = "65535") int socketPort) {}

    /**
     * Whether a browser may call from the page {@code /try}: in the demonstration alone, where only
     * this machine reaches the page, and SIP over UDP.
     */
    public boolean callsFromBrowsers() {
        return demo.agents()
                && web.listen().address().isLoopbackAddress()
                && sip.listen().stream()
                        .anyMatch(each -> each.transport() == ListenAddress.Protocol.UDP);
    }
}
