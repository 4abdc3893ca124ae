package org.consentgateway.testkit.mutation;

/**
 * Immutable. A test class, or one test of it.
 *
 * @param type simple name of the class
 * @param method empty where all tests of the class count
 */
record Law(String type, String method) {

    static Law named(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? new Law(text, "")
                : new Law(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public String toString() {
        return method.isEmpty() ? type : type + "." + method;
    }
}
