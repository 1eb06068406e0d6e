# The image for EMR Serverless: Amazon's, with Amazon Linux's Python 3.11 and the archive of
# `pomona pack` where cluster nodes have it. In a folder with this file and env.tar.gz:
#
#   docker build -f serverless.Dockerfile -t ACCOUNT.dkr.ecr.REGION.amazonaws.com/pomona .
#   docker push ACCOUNT.dkr.ecr.REGION.amazonaws.com/pomona
ARG RELEASE=emr-7.13.0
FROM public.ecr.aws/emr-serverless/spark/${RELEASE}:latest
USER root
RUN dnf -y install python3.11 && dnf clean all
ADD env.tar.gz /opt/pomona/
USER hadoop:hadoop
