/**
 * Other systems that we connect to: what they are asked to do by HTTP, whom we believe over TLS,
 * and the commands that print tokens for them.
 */
@NullMarked
package org.consentgateway.connect;

import org.jspecify.annotations.NullMarked;
