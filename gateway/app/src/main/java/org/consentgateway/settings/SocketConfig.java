package org.consentgateway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Setting;

/**
 * Immutable. How an assistant's WebSocket is opened and watched.
 *
 * @param bearer shown as {@code Authorization: Bearer}
 * @param bearerCommand prints it; run for each call, one at a time
 * @param authToken signs the upgrade as Twilio does
 * @param user shown with the password as {@code Authorization: Basic}
 * @param certificate PEM: ours, where the assistant wants one (mutual TLS)
 * @param key PEM: its private key, PKCS#8 without a password
 * @param roots PEM files of the authorities that are believed; none: those of the Java runtime
 * @param firstAudio from its answer until it has said something; zero: it need not
 * @param alive until it has sent anything, be it a pong
 * @param sampleRate Hz, of linear sound, or of the telephone
 * @param model of GPT-Live; that of Realtime stands in the url
 * @param voice of a model
 * @param instructions a file with what a model is to do
 * @param stepUp what a model may have the caller asked for during the talk
 * @param backend the Responses model that asks for a GPT-Live model
 */
public record SocketConfig(
        @Setting(byDefault = "", example = "…") Optional<Secret> bearer,
        @Setting(byDefault = "", example = "/etc/consent-gateway/bot.token")
                Optional<Path> bearerFile,
        @Setting(byDefault = "", example = "pass show bot") Optional<String> bearerCommand,
        @Setting(byDefault = "", example = "…") Optional<Secret> authToken,
        @Setting(byDefault = "", example = "/etc/consent-gateway/bot.auth-token")
                Optional<Path> authTokenFile,
        @Setting(
                        byDefault = "",
                        example = "gateway",
                        form = "[^:\\p{Cntrl}]{1,128}",
                        formInWords = "a user name without a colon")
                Optional<String> user,
        @Setting(byDefault = "", example = "…") Optional<Secret> password,
        @Setting(byDefault = "", example = "/etc/consent-gateway/bot.password")
                Optional<Path> passwordFile,
        @Setting(byDefault = "", example = "/etc/consent-gateway/bot.crt")
                Optional<Path> certificate,
        @Setting(byDefault = "", example = "/etc/consent-gateway/bot.key") Optional<Path> key,
        @Setting(byDefault = "[]", example = "[/etc/consent-gateway/bot-root.pem]")
                List<Path> roots,
        @Setting(byDefault = "10s", atLeast = "0s", atMost = "5m") Duration firstAudio,
        @Setting(byDefault = "5s", atLeast = "1s", atMost = "1m") Duration alive,
        @Setting(byDefault = "8000", atLeast = "8000", atMost = "48000") int sampleRate,
        @Setting(byDefault = "gpt-live-1", form = NAME_OF_MODEL, formInWords = IN_WORDS)
                String model,
        @Setting(byDefault = "", example = "verse", form = NAME_OF_MODEL, formInWords = IN_WORDS)
                Optional<String> voice,
        @Setting(byDefault = "", example = "config/assistants/instructions.txt")
                Optional<Path> instructions,
        @Setting(
                        byDefault = "[]",
                        example = "[transcript]",
                        atMost = "5",
                        form = "[a-z][a-z0-9-]{0,39}",
                        formInWords = "small letters, digits and - only")
                List<String> stepUp,
        @Setting(
                        byDefault = "",
                        example = "gpt-6.2-sol",
                        form = NAME_OF_MODEL,
                        formInWords = IN_WORDS)
                Optional<String> backend) {
    static final String NAME_OF_MODEL = "[A-Za-z0-9._:-]{1,80}";
    static final String IN_WORDS = "a name of letters, digits, . _ : and -";

    /** In which messages an assistant is spoken to. */
    public enum SocketDialect {
        TWILIO,
        TELNYX,
        JAMBONZ,
        OPENAI_REALTIME,
        GPT_LIVE;

        /** As in the configuration. */
        public String written() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * @param name as in the configuration
         * @throws IllegalArgumentException where it is none
         */
        public static SocketDialect named(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
