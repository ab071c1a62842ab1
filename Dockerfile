# An image of nothing but the program, for other images to copy it from:
#
#   make && docker build -t keyplate .
#
# and in another Dockerfile: COPY --from=keyplate /keyplate /usr/local/bin/
FROM scratch
COPY keyplate /keyplate
ENTRYPOINT ["/keyplate"]
