/** Two built-in peers for trying the gateway out: one that is called, one that calls. */
@NullMarked
package org.consentgateway.demo;

import org.jspecify.annotations.NullMarked;
