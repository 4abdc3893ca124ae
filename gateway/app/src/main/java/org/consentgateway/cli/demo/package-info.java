/** Calls the gateway as a caller would, and tells what is heard and recorded. */
@NullMarked
package org.consentgateway.cli.demo;

import org.jspecify.annotations.NullMarked;
