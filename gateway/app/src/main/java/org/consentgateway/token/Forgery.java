package org.consentgateway.token;

/** Immutable. A token that nobody may believe, for trying who checks them. */
public enum Forgery {
    MISSING("there is no token at all"),
    UNSIGNED("the token says that it is not signed (alg none)"),
    SECRET("the token is signed with the public key as if that were a secret (HS256)"),
    STRANGER("the token is signed by a key that is not published"),
    CHANGED("the purposes were changed after signing"),
    EXPIRED("the token has expired"),
    OTHER_ASSISTANT("the token is for another assistant"),
    OTHER_CALL("the token is of another call"),
    WITHDRAWN("the consent was withdrawn before the call");

    private final String words;

    Forgery(String words) {
        this.words = words;
    }

    /** What is wrong with it. */
    public String words() {
        return words;
    }
}
