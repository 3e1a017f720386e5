# Makes the settings of the package from config/tidings.yaml: its comments, its values, with the state where packages have it, and no sources.

function example(key, item) { print "# For example:\n#   - " item; print key ": []" }

# Their items are indented.
/^[^ ]/ { skipping = 0 }
/^state:/ { print "# state: /var/lib/tidings"; next }
/^folders:/ { example("folders", "{ name: articles, path: /srv/articles }"); skipping = 1; next }
/^feeds:/ { example("feeds", "{ name: astana-times, url: \"https://astanatimes.com/feed/\" }"); skipping = 1; next }
!skipping || /^$/ { print }
