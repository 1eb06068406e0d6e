"""The judge of the rights tests is right itself."""

import policies
import pytest

READ = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/images/*"}
LIST = {
    "Effect": "Allow",
    "Action": ["s3:ListBucket"],
    "Resource": "arn:aws:s3:::b",
    "Condition": {"StringLike": {"s3:prefix": ["images/*"]}},
}


@pytest.mark.parametrize(
    "action, resource, context, allowed",
    [
        ("s3:GetObject", "arn:aws:s3:::b/images/a b/1.jpg", {}, True),
        ("s3:GetObject", "arn:aws:s3:::b/images", {}, False),
        ("s3:GetObject", "arn:aws:s3:::c/images/1.jpg", {}, False),
        ("s3:PutObject", "arn:aws:s3:::b/images/1.jpg", {}, False),
        ("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "images/Test/"}, True),
        ("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "imagesX"}, False),
        ("s3:ListBucket", "arn:aws:s3:::b", {}, False),
    ],
)
def test_only_what_a_statement_allows(action, resource, context, allowed):
    assert policies.allows([READ, LIST], action, resource, context) == allowed


def test_a_denial_wins():
    deny = {**READ, "Effect": "Deny"}
    assert not policies.allows([READ, deny], "s3:GetObject", "arn:aws:s3:::b/images/1", {})


@pytest.mark.parametrize("more", [{"NotAction": "s3:*"}, {"Condition": {"Bool": {"s3:x": "1"}}}])
def test_what_it_does_not_know_it_does_not_pass(more):
    with pytest.raises(NotImplementedError):
        policies.allows(
            [{**READ, **more}], "s3:GetObject", "arn:aws:s3:::b/images/1", {"s3:x": "1"}
        )
