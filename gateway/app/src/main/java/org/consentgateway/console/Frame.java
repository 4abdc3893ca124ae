package org.consentgateway.console;

import java.util.Arrays;
import java.util.List;
import org.consentgateway.console.account.ConsoleUser;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What stands around every page.
 *
 * @param language of the words
 * @param title of the page
 * @param who null before sign-in
 * @param path of this page, for the language links
 * @param token for forms; empty before sign-in
 */
public record Frame(
        PageWords words,
        String language,
        String title,
        @Nullable Who who,
        String path,
        List<Link> links,
        String token) {

    /** Who has signed in, and as what. */
    public record Who(String person, String role) {}

    /**
     * @param here whether this is the page
     */
    public record Link(String path, String text, boolean here) {}

    public static Frame outside(PageWords words, String title, String path) {
        return new Frame(words, words.language(), title, null, path, List.of(), "");
    }

    static Frame of(PageWords words, Session session, ConsoleSection section) {
        return of(words, session, words.of(section.key() + ".title"), section.path());
    }

    static Frame of(PageWords words, Session session, String title, String path) {
        ConsoleUser user = session.user();
        return new Frame(
                words,
                words.language(),
                title,
                new Who(user.person(), words.of("role." + user.role().text())),
                path,
                Arrays.stream(ConsoleSection.values())
                        .filter(each -> user.role().scopes().contains(each.scope()))
                        .map(each ->
                                new Link(
                                        each.path(),
                                        words.of(each.key() + ".title"),
                                        each.path().equals(path)))
                        .toList(),
                session.formToken());
    }
}
