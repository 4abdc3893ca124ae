package org.consentgateway.console;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.passkey.Passkeys;

/** Thread-safe. The page on which people sign in: it offers what is set up, and nothing else. */
public final class SignInForm {
    static final String PATH = "/sign-in";

    private final AccountFile accounts;
    private final Optional<ConsoleServer.Provider> provider;
    private final Optional<Passkeys> passkeys;
    private final Entrance entrance;
    private final Templates templates;

    SignInForm(
            AccountFile accounts,
            Optional<ConsoleServer.Provider> provider,
            Optional<Passkeys> passkeys,
            Entrance entrance,
            Templates templates) {
        this.accounts = accounts;
        this.provider = provider;
        this.passkeys = passkeys;
        this.entrance = entrance;
        this.templates = templates;
    }

    /**
     * Immutable. What the template shows.
     *
     * @param problem key of words; empty: none
     * @param provider words of its button; empty: there is none
     * @param providerDown whether it did not answer when it was asked last
     * @param passkeys where they can be used; empty: nowhere
     * @param accounts whether there are accounts of ours
     */
    public record Shown(
            String problem,
            String provider,
            boolean providerDown,
            String passkeys,
            boolean accounts) {}

    /** With the language that was chosen. */
    void show(Context context, HttpStatus status, String problem) throws IOException {
        PageWords words = entrance.words(context);
        boolean ours = !accounts.all().isEmpty();
        String none = ours || provider.isPresent() ? "" : "sign-in.none";
        var shown =
                new Shown(
                        problem.isEmpty() ? none : problem,
                        provider.map(one -> button(words, one.name())).orElse(""),
                        provider.map(one -> one.signIn().failing()).orElse(false),
                        passkeys.filter(_ -> ours).map(Passkeys::origin).orElse(""),
                        ours || provider.isEmpty());
        context.status(status);
        show(context, words, words.of("sign-in.title"), "sign-in", shown);
    }

    private static String button(PageWords words, String name) {
        return name.isEmpty()
                ? words.of("sign-in.provider-company")
                : words.of("sign-in.provider", name);
    }

    /**
     * Has the browser go on by itself, as if somebody had followed a link of ours: a redirect would
     * still be one of the provider's, and cookies of this site would not be sent along.
     *
     * @param key of the words, such as "signed-in"
     */
    void onward(Context context, String key, String there) {
        PageWords words = entrance.words(context);
        context.header("Refresh", "0; url=" + there);
        show(context, words, words.of(key + ".title"), "onward", new Onward(key, there));
    }

    /**
     * Immutable. A step of the way, for who sees it.
     *
     * @param key of the words
     */
    public record Onward(String key, String there) {}

    private void show(
            Context context, PageWords words, String title, String template, Object page) {
        context.contentType(ConsoleServer.HTML)
                .result(
                        templates.render(
                                template,
                                Map.of("frame", Frame.outside(words, title, PATH), "page", page)));
    }
}
