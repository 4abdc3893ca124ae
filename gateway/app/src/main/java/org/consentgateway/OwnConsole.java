package org.consentgateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.consentgateway.api.ApiServer;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.api.oidc.ProviderDocuments;
import org.consentgateway.console.ConsoleServer;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.oidc.ProviderSignIn;
import org.consentgateway.console.oidc.SignInTerms;
import org.consentgateway.console.page.ConsentPages;
import org.consentgateway.console.page.ExperimentPages;
import org.consentgateway.console.page.Guides;
import org.consentgateway.console.page.HelpPages;
import org.consentgateway.console.page.ProofPages;
import org.consentgateway.console.page.RequestPages;
import org.consentgateway.console.page.SettingPages;
import org.consentgateway.console.page.TextPages;
import org.consentgateway.console.page.TodayPages;
import org.consentgateway.console.page.TrunkPages;
import org.consentgateway.console.page.call.CallPages;
import org.consentgateway.console.page.variant.VariantPages;
import org.consentgateway.console.passkey.PasskeyFile;
import org.consentgateway.console.passkey.Passkeys;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.oidc.SignInSettings;

/** The pages for those who answer for this gateway. */
final class OwnConsole {
    private OwnConsole() {}

    /** Where people find it; none where there is none. */
    static Optional<URI> address(GatewayConfig config) {
        GatewayConfig.Console console = config.console();
        return console.listen()
                .map(at -> console.url().orElseGet(() -> onThisMachine(at.socketAddress())));
    }

    /** By a name that it answers to. */
    private static URI onThisMachine(InetSocketAddress at) {
        return URI.create("http://localhost:" + at.getPort());
    }

    /**
     * @param sessions that the API knows
     * @param opening takes what has to be closed
     */
    static ConsoleServer open(
            Startup startup, Proof proof, ApiServer api, SessionTokens sessions, OpenParts opening)
            throws IOException {
        GatewayConfig config = startup.config();
        GatewayConfig.Console console = config.console();
        InetAddress at =
                config.api()
                        .listen()
                        .map(listen -> listen.address())
                        .orElseGet(InetAddress::getLoopbackAddress);
        var accounts = new AccountFile(console.accounts());
        Optional<Passkeys> passkeys =
                address(config)
                        .filter(Passkeys::arePossible)
                        .map(where ->
                                new Passkeys(
                                        new PasskeyFile(console.passkeys()),
                                        accounts,
                                        where,
                                        startup.expected()));
        return opening.add(
                ConsoleServer.start(
                        console.listen().orElseThrow().socketAddress(),
                        new ConsoleServer.Terms(
                                console.url(),
                                console.behindProxy(),
                                console.idle(),
                                console.longest()),
                        new ConsoleServer.Inside(
                                accounts,
                                RestApi.records(startup, proof),
                                sessions,
                                new InetSocketAddress(at, api.port()),
                                provider(startup, opening),
                                passkeys),
                        List.of(
                                new TodayPages(startup.expected()),
                                new CallPages(),
                                new ConsentPages(),
                                new RequestPages(startup.expected()),
                                new TextPages(startup.expected()),
                                new VariantPages(startup.expected()),
                                new ExperimentPages(),
                                new ProofPages(),
                                new TrunkPages(startup.expected()),
                                new SettingPages(),
                                new HelpPages(Guides.in(console.help()))),
                        startup.expected(),
                        startup.clock().machine()));
    }

    private static Optional<ConsoleServer.Provider> provider(Startup startup, OpenParts opening)
            throws IOException {
        GatewayConfig.Console console = startup.config().console();
        Optional<SignInTerms> terms = SignInSettings.of(console.oidc(), console.url());
        if (terms.isEmpty()) {
            return Optional.empty();
        }
        ProviderDocuments documents =
                opening.add(RestApi.provider(terms.get().issuer(), console.oidc().roots()));
        return Optional.of(
                new ConsoleServer.Provider(
                        new ProviderSignIn(
                                terms.get(), documents, startup.clock(), startup.nanos()),
                        console.oidc().name().orElse("")));
    }
}
